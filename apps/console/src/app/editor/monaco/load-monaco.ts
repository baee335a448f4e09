import type * as Monaco from 'monaco-editor';
import { loadEditorStyles } from './editor-styles';

export type MonacoApi = typeof Monaco;

declare global {
  interface Window {
    /** Where ngx-monaco-editor-v2 looks first; without it, it would load Monaco's deprecated AMD build. */
    monaco?: MonacoApi;
    MonacoEnvironment?: Monaco.Environment;
  }
}

let loading: Promise<MonacoApi> | undefined;

/**
 * Loads the editor's code, styles and font, once.
 * @throws when a part cannot be fetched; the next call tries again
 */
export function loadMonaco(): Promise<MonacoApi> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<MonacoApi> {
  const [monaco] = await Promise.all([import('./monaco-bundle'), loadEditorStyles(), loadCodeFont()]);
  window.MonacoEnvironment = {
    getWorker: () => new Worker(new URL('./editor.worker', import.meta.url), { type: 'module' }),
  };
  window.monaco = monaco;
  return monaco;
}

/** Monaco measures characters when it is made, so the font must be there; a system font does where it cannot be. */
async function loadCodeFont(): Promise<void> {
  try {
    await Promise.all(['400', '600'].map((weight) => document.fonts.load(`${weight} 14px "JetBrains Mono"`)));
    document.documentElement.dataset['codeFont'] = 'loaded';
  } catch {
    // NetworkError: the stack of fonts ends with the system's own.
  }
}

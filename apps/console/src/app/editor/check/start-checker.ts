import pythonAddress from 'tree-sitter-python/tree-sitter-python.wasm';
import runtimeAddress from 'web-tree-sitter/web-tree-sitter.wasm';
import type { CheckRequest } from './check-messages';
import { ScriptChecker } from './script-checker';

/** Starts the worker and has it load the parser. */
export function startChecker(): ScriptChecker {
  const worker = new Worker(new URL('./policy.worker', import.meta.url), { type: 'module' });
  const load: CheckRequest = {
    kind: 'load',
    // The bundler's addresses are relative to the page, and the worker may lie elsewhere.
    runtimeUrl: new URL(runtimeAddress, document.baseURI).href,
    pythonUrl: new URL(pythonAddress, document.baseURI).href,
  };
  worker.postMessage(load);
  return new ScriptChecker(worker);
}

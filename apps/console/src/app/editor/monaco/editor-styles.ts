let loading: Promise<void> | undefined;

/**
 * Loads the editor's styles, once: another part may be missing, and then be asked for again without them.
 * @throws when they cannot be fetched; the next call tries again
 */
export function loadEditorStyles(): Promise<void> {
  loading ??= link().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** The style bundle lies beside the page, and is none of its initial styles. */
function link(): Promise<void> {
  return new Promise((resolve, reject) => {
    const element = document.createElement('link');
    element.rel = 'stylesheet';
    element.href = new URL('monaco.css', document.baseURI).href;
    element.addEventListener('load', () => resolve());
    element.addEventListener('error', () => {
      element.remove();
      reject(new Error('The styles of the editor could not be loaded'));
    });
    document.head.append(element);
  });
}

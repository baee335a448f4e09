import { readFile } from 'node:fs/promises';
import { ScriptPolicy } from '@pycell/script-policy';

/** Loads the script policy with the parser's WebAssembly files, which come with its packages. */
export async function loadScriptPolicy(): Promise<ScriptPolicy> {
  const [runtime, python] = await Promise.all([
    readFile(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
    readFile(require.resolve('tree-sitter-python/tree-sitter-python.wasm')),
  ]);
  return ScriptPolicy.load({ runtime, python });
}

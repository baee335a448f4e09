import { readFile } from 'node:fs/promises';
import type { ParserWasm } from '@pycell/script-policy';

/** Reads the WebAssembly files of the script policy's parser, which come with its packages. */
export async function readPolicyParser(): Promise<ParserWasm> {
  const [runtime, python] = await Promise.all([
    readFile(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
    readFile(require.resolve('tree-sitter-python/tree-sitter-python.wasm')),
  ]);
  return { runtime, python };
}

import { readFileSync } from 'node:fs';
import { ScriptPolicy, type ParserWasm } from './index';

/** The parser's modules as they are installed. */
export function installedWasm(): ParserWasm {
  return {
    runtime: readFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
    python: readFileSync(require.resolve('tree-sitter-python/tree-sitter-python.wasm')),
  };
}

export function loadInstalledPolicy(): Promise<ScriptPolicy> {
  return ScriptPolicy.load(installedWasm());
}

/** The messages of a script's violations, without the part that they share; a script that does not parse is an error. */
export function complaints(policy: ScriptPolicy, script: string): string[] {
  const { violations, parseError } = policy.check(script);
  if (parseError) throw new Error(`does not parse at ${parseError.line}:${parseError.column}: ${script}`);
  return violations.map(({ message }) => message.replace('Dangerous operation detected: ', ''));
}

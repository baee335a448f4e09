import type { ExecutionMode } from '@pycell/contracts';
import { visitCode } from './code-visits';
import { findControlCharacters } from './control-characters';
import { drawsByPandas } from './figures';
import { ImportCollector, type CalledImport } from './import-collector';
import { findMainCall } from './main-call';
import { mayDefineMain } from './main-definition';
import { normalizeScript } from './normalize-script';
import { DEFAULT_POLICY_RULES, type PolicyRules } from './policy-rules';
import { toViolations, type Finding, type PolicyViolation } from './policy-violation';
import { PythonParser, type ParserWasm, type Patience } from './python-parser';
import { ScopeWalk, type ModuleImport } from './scope-walk';
import { PositionMap, type SourcePosition } from './source-position';
import type { SyntaxNode } from './syntax-node';
import { wrapInMain } from './wrap-in-main';

/** What the static check knows about a script. */
export interface ScriptAnalysis {
  /** the normalised text that was judged, and so the one to run */
  readonly script: string;
  /** reasons to refuse the script, in source order */
  readonly violations: readonly PolicyViolation[];
  /**
   * every module that the script imports or will need, as absolute dotted names, each once, in source order; empty
   * where the script could not be parsed. One that it will need comes last: `matplotlib` where it draws by pandas, which
   * imports it when it draws.
   */
  readonly imports: readonly string[];
  /**
   * the first place that the parser could not make sense of, or null. CPython knows the exact error, and may even
   * accept the script: names were not checked then.
   */
  readonly parseError: SourcePosition | null;
  /** false only where no top-level statement could define `main`; advice for an editor, as `mainCall` is */
  readonly definesMain: boolean;
  /** a top-level call of `main` in a script that defines it, or null: the function runs there, and once more as what is asked for */
  readonly mainCall: SourcePosition | null;
}

/** How a script is judged beyond the rules. */
export interface CheckOptions {
  /** what is asked of the script, `function` where nothing is said: hints depend on it, what is refused does not */
  readonly mode?: ExecutionMode;
  /** when to give the parse up, which is most of the work; 2 s where nothing is said */
  readonly patience?: Patience | undefined;
}

/**
 * The static check of a script: early and exact advice for people, not a security boundary. What it lets through must
 * be expected to do anything.
 */
export class ScriptPolicy {
  private constructor(private readonly parser: PythonParser) {}

  /**
   * @param wasm the bytes of web-tree-sitter.wasm (`runtime`) and tree-sitter-python.wasm (`python`)
   * @throws {WebAssembly.CompileError} for bytes that are no wasm module
   */
  static async load(wasm: ParserWasm): Promise<ScriptPolicy> {
    return new ScriptPolicy(await PythonParser.load(wasm));
  }

  /**
   * @param script is normalised first, so positions are those of the normalised text
   * @throws never for any text of a size that the service accepts
   */
  check(
    script: string,
    rules: PolicyRules = DEFAULT_POLICY_RULES,
    { mode = 'function', patience }: CheckOptions = {},
  ): ScriptAnalysis {
    const text = normalizeScript(script);
    const positions = new PositionMap(text);
    const unparsed = {
      script: text,
      violations: [],
      imports: [],
      parseError: null,
      definesMain: true,
      mainCall: null,
    };
    const controlCharacters = findControlCharacters(text);
    if (controlCharacters.length > 0) {
      return { ...unparsed, violations: toViolations(controlCharacters, positions, mode) };
    }
    const outcome = this.parser.parse(text, patience);
    switch (outcome.kind) {
      case 'failed':
        return { ...unparsed, parseError: positions.at(outcome.offset) };
      case 'gave-up':
        return { ...unparsed, violations: toViolations([tooComplex(outcome.offset)], positions, mode) };
      case 'parsed':
        return analyze(outcome.root, text, positions, rules, mode);
      default:
        return outcome satisfies never;
    }
  }

  /**
   * The script with what it does moved into a function `main`, for one that has none.
   *
   * @returns null where it cannot be parsed, or there is nothing that could be moved
   */
  wrapInMain(script: string): string | null {
    const text = normalizeScript(script);
    const outcome = this.parser.parse(text);
    return outcome.kind === 'parsed' ? wrapInMain(outcome.root, text) : null;
  }
}

function analyze(
  root: SyntaxNode,
  text: string,
  positions: PositionMap,
  rules: PolicyRules,
  mode: ExecutionMode,
): ScriptAnalysis {
  const walk = new ScopeWalk(text, visitCode);
  walk.run(root);
  const calledImports = new ImportCollector(walk, text).collect();
  const imports = [...walk.imports, ...calledImports].sort((a, b) => a.start - b.start);
  const modules = new Set(imports.map(({ module }) => module));
  if (drawsByPandas(walk, [...modules])) modules.add('matplotlib');
  const findings = [
    ...blockedImports(walk.imports, rules),
    ...blockedImports(
      calledImports.filter((call) => !isBlockedCall(call, rules)),
      rules,
    ),
    ...blockedNames(walk, rules),
  ];
  const mainCall = findMainCall(walk, root);
  return {
    script: text,
    violations: toViolations(findings, positions, mode),
    imports: [...modules],
    parseError: null,
    definesMain: mayDefineMain(walk, root),
    mainCall: mainCall && walk.module.bindings.has('main') ? positions.at(mainCall.start) : null,
  };
}

/** `__import__("os")` is refused for its name already, and one cause is one violation. */
function isBlockedCall({ calledName }: CalledImport, rules: PolicyRules): boolean {
  return calledName !== null && rules.blockedNames.includes(calledName);
}

function blockedImports(imports: readonly ModuleImport[], rules: PolicyRules): Finding[] {
  return imports.flatMap(({ module, start, end }) => {
    const topLevel = module.split('.', 1)[0] ?? module;
    if (!rules.blockedModules.includes(topLevel)) return [];
    return [
      {
        rule: 'blocked-import',
        message: `Dangerous operation detected: import ${topLevel}`,
        name: topLevel,
        start,
        end,
      },
    ];
  });
}

function blockedNames(walk: ScopeWalk, rules: PolicyRules): Finding[] {
  const blocked = new Set(rules.blockedNames);
  return walk.loads.flatMap(({ name, scope, start, end }) => {
    if (!blocked.has(name) || scope.binds(name, start)) return [];
    return [{ rule: 'blocked-name', message: `Dangerous operation detected: ${name}(`, name, start, end }];
  });
}

/** What its author is told of a script that cannot be judged in time. */
export const TOO_COMPLEX_MESSAGE =
  'Script is too complex to check: its parse takes too long. Split deeply nested expressions';

function tooComplex(offset: number): Finding {
  return {
    rule: 'too-complex',
    message: TOO_COMPLEX_MESSAGE,
    start: offset,
    end: offset + 1,
  };
}

import { Language, Parser, type Tree } from 'web-tree-sitter';
import { joinContinuations, maskAlignedSpecifications, rewritesOf } from './grammar-gaps';
import { copyTree, type SyntaxNode } from './syntax-node';

/** The bytes of web-tree-sitter.wasm and tree-sitter-python.wasm: how to get them is the caller's affair. */
export interface ParserWasm {
  readonly runtime: Uint8Array;
  readonly python: Uint8Array;
}

/** What became of a parse; offsets in UTF-16 code units. */
export type ParseOutcome =
  | { readonly kind: 'parsed'; readonly root: SyntaxNode }
  | { readonly kind: 'failed'; readonly offset: number }
  | { readonly kind: 'gave-up'; readonly offset: number };

/** How much a parse may take before it is given up. */
export interface ParseLimits {
  /** Steps, as the parser counts them, for any script. One is a hundred of its operations, 10 to 120 us. */
  readonly steps: number;
  /** And for each 1,000 characters: Python as people write it takes 5, the worst that was found 70. */
  readonly stepsForThousand: number;
  /** Backstop of the clock, for what the steps do not count. A busy machine must not come near it: its owner is not at fault. */
  readonly timeoutMs: number;
}

export const PARSE_LIMITS: ParseLimits = { steps: 1_000, stepsForThousand: 100, timeoutMs: 2_000 };

/** The runtime is one per process, and starting it twice at the same time would leave two halves of it. */
let runtimeStart: Promise<void> | undefined;

function startRuntime(wasmBinary: Uint8Array): Promise<void> {
  runtimeStart ??= Parser.init({ wasmBinary }).catch((error: unknown) => {
    // Bytes that are no wasm must not spoil a later attempt with the right ones.
    runtimeStart = undefined;
    throw error;
  });
  return runtimeStart;
}

/** Parses Python into plain objects and frees what the parser allocated. */
export class PythonParser {
  private constructor(
    private readonly parser: Parser,
    private readonly limits: ParseLimits,
  ) {}

  /** @throws whatever WebAssembly throws for bytes that are not the expected modules */
  static async load(wasm: ParserWasm, limits: ParseLimits = PARSE_LIMITS): Promise<PythonParser> {
    await startRuntime(wasm.runtime);
    const parser = new Parser();
    parser.setLanguage(await Language.load(wasm.python));
    return new PythonParser(parser, limits);
  }

  /** @param script must hold no NUL, which the parser takes for its end */
  parse(script: string): ParseOutcome {
    const { steps, stepsForThousand, timeoutMs } = this.limits;
    const deadline = Date.now() + timeoutMs;
    let left = steps + (script.length * stepsForThousand) / 1_000;
    /** Attempts share what there is. */
    const mayGoOn = (): boolean => left-- > 0 && Date.now() <= deadline;
    const text = maskAlignedSpecifications(joinContinuations(script));
    const outcome = this.parseWhile(mayGoOn, text);
    if (outcome.kind !== 'failed') return outcome;
    for (const rewritten of rewritesOf(text)) {
      const retry = this.parseWhile(mayGoOn, rewritten);
      if (retry.kind !== 'failed') return retry;
    }
    return outcome;
  }

  private parseWhile(mayGoOn: () => boolean, text: string): ParseOutcome {
    let reachedBytes = 0;
    const tree = this.parser.parse(text, null, {
      progressCallback: ({ currentOffset }) => {
        reachedBytes = currentOffset;
        return !mayGoOn();
      },
    });
    if (tree === null) {
      // A cancelled parser would go on with the old text at its next call.
      this.parser.reset();
      return { kind: 'gave-up', offset: reachedBytes >> 1 };
    }
    try {
      return tree.rootNode.hasError
        ? { kind: 'failed', offset: firstErrorOffset(tree) }
        : { kind: 'parsed', root: copyTree(tree) };
    } finally {
      tree.delete();
    }
  }
}

const ERROR_TYPE_ID = 0xffff;

/** Where the first erroneous or missing node starts; an error that wraps the whole text says nothing about where. */
function firstErrorOffset(tree: Tree): number {
  const cursor = tree.walk();
  try {
    let more = cursor.gotoFirstChild();
    while (more) {
      if (cursor.nodeTypeId === ERROR_TYPE_ID || cursor.nodeIsMissing) return cursor.startIndex;
      more = cursor.gotoFirstChild() || cursor.gotoNextSibling();
      while (!more && cursor.gotoParent()) more = cursor.gotoNextSibling();
    }
    return tree.rootNode.startIndex;
  } finally {
    cursor.delete();
  }
}

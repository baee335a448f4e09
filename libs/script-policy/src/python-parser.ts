import { Language, Parser, type Tree } from 'web-tree-sitter';
import { joinContinuations, maskAlignedSpecifications, rewritesOf } from './grammar-gaps';
import { copyTree, type SyntaxNode } from './syntax-node';

/** The bytes of web-tree-sitter.wasm and tree-sitter-python.wasm: how to get them is the caller's affair. */
export interface ParserWasm {
  readonly runtime: Uint8Array;
  readonly python: Uint8Array;
  /** The `WebAssembly.Memory` to work in, at least 32 MiB, where the default of at most 2 GiB is too much. */
  readonly memory?: object;
}

/** What became of a parse; offsets in UTF-16 code units. */
export type ParseOutcome =
  | { readonly kind: 'parsed'; readonly root: SyntaxNode }
  | { readonly kind: 'failed'; readonly offset: number }
  | { readonly kind: 'gave-up'; readonly offset: number };

/** Asked often while a script is checked; once it says false, the check is given up. Its answer must not turn back. */
export type Patience = () => boolean;

/** How much a parse may take before it is given up. */
export interface ParseLimits {
  /** Steps, as the parser counts them, for any script. One is a hundred of its operations, 10 to 120 us. */
  readonly steps: number;
  /** And for each 1,000 characters: Python as people write it takes 5, the worst that was found 70. */
  readonly stepsForThousand: number;
  /**
   * Backstop of the clock where the caller brings no patience of its own, for what the steps do not count: recovery from
   * errors. A busy machine must not come near it: its owner is not at fault.
   */
  readonly timeoutMs: number;
}

/**
 * How many characters the parser is handed at once. It asks for the next ones between two tokens and inside long ones, so
 * that the clock is looked at in the midst of the recovery from errors, where the parser tells of no progress.
 */
const PIECE_LENGTH = 64;

export const PARSE_LIMITS: ParseLimits = { steps: 1_000, stepsForThousand: 100, timeoutMs: 2_000 };

/** The runtime is one per process, and starting it twice at the same time would leave two halves of it. */
let runtimeStart: Promise<void> | undefined;

function startRuntime({ runtime, memory }: ParserWasm): Promise<void> {
  // What it would print when it runs out of memory is thrown as well.
  const options = { wasmBinary: runtime, printErr: () => undefined, ...(memory && { wasmMemory: memory }) };
  runtimeStart ??= Parser.init(options as Parameters<typeof Parser.init>[0]).catch((error: unknown) => {
    // Bytes that are no wasm must not spoil a later attempt with the right ones.
    runtimeStart = undefined;
    throw error;
  });
  return runtimeStart;
}

/** What is left of the limits; attempts share it. */
interface ParseBudget {
  readonly patience: Patience;
  steps: number;
  isSpent: boolean;
}

/** Parses Python into plain objects and frees what the parser allocated. */
export class PythonParser {
  private constructor(
    private readonly parser: Parser,
    private readonly limits: ParseLimits,
  ) {}

  /** @throws whatever WebAssembly throws for bytes that are not the expected modules */
  static async load(wasm: ParserWasm, limits: ParseLimits = PARSE_LIMITS): Promise<PythonParser> {
    await startRuntime(wasm);
    const parser = new Parser();
    parser.setLanguage(await Language.load(wasm.python));
    return new PythonParser(parser, limits);
  }

  /** @param script must hold no NUL, which the parser takes for its end */
  parse(script: string, patience: Patience = untilTimeout(this.limits.timeoutMs)): ParseOutcome {
    const { steps, stepsForThousand } = this.limits;
    const budget = { patience, steps: steps + (script.length * stepsForThousand) / 1_000, isSpent: false };
    const text = maskAlignedSpecifications(joinContinuations(script));
    const outcome = this.parseWithin(budget, text);
    if (outcome.kind !== 'failed') return outcome;
    for (const rewritten of rewritesOf(text)) {
      const retry = this.parseWithin(budget, rewritten);
      if (retry.kind !== 'failed') return retry;
    }
    return outcome;
  }

  private parseWithin(budget: ParseBudget, text: string): ParseOutcome {
    let reached = 0;
    const readPiece = (offset: number): string => {
      budget.isSpent ||= !budget.patience();
      // For the parser the text then ends here. What it makes of that is thrown away.
      return budget.isSpent ? '' : text.slice(offset, offset + PIECE_LENGTH);
    };
    const tree = this.parser.parse(readPiece, null, {
      progressCallback: ({ currentOffset }) => {
        reached = currentOffset >> 1;
        budget.isSpent ||= budget.steps-- <= 0 || !budget.patience();
        return budget.isSpent;
      },
    });
    if (tree === null || budget.isSpent) {
      tree?.delete();
      // A cancelled parser would go on with the old text at its next call.
      this.parser.reset();
      return { kind: 'gave-up', offset: reached };
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

function untilTimeout(timeoutMs: number): Patience {
  const deadline = Date.now() + timeoutMs;
  return () => Date.now() <= deadline;
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

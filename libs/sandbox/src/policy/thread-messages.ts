import type { ParserWasm, PolicyRules } from '@pycell/script-policy';
import type { Judgement } from './judgement';
import type { ScriptTerms } from './script-terms';

/** What a thread is started with. */
export interface ThreadStart {
  readonly wasm: Pick<ParserWasm, 'runtime' | 'python'>;
  readonly rules: PolicyRules;
}

/** What it is asked: one script at a time. */
export interface ThreadQuestion {
  readonly script: string;
  readonly terms: ScriptTerms;
  /** CPU time after which it gives up, milliseconds. */
  readonly limitMs: number;
}

/** What it says: that it is ready, once; then for each question the text with normalised line ends where it differs, and a judgement. */
export type ThreadAnswer =
  | { readonly kind: 'ready'; readonly threadId: string | null }
  /** Said first: what cannot be judged may have to run all the same, and the event loop shall not go through it. */
  | { readonly kind: 'normalized'; readonly script: string }
  | {
      readonly kind: 'judgement';
      readonly judgement: Omit<Judgement, 'script'>;
      /** It holds so much memory now that it should be the thread's last judgement. */
      readonly isWorn: boolean;
    };

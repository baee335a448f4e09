import type { ParserWasm, PolicyRules } from '@pycell/script-policy';
import type { Judgement } from './judgement';

/** What a thread is started with. */
export interface ThreadStart {
  readonly wasm: Pick<ParserWasm, 'runtime' | 'python'>;
  readonly rules: PolicyRules;
}

/** What it is asked: one script at a time. */
export interface ThreadQuestion {
  readonly script: string;
  /** CPU time after which it gives up, milliseconds. */
  readonly limitMs: number;
}

/** What it says: that it is ready, once; then one judgement for each question. */
export type ThreadAnswer =
  | { readonly kind: 'ready'; readonly threadId: string | null }
  | {
      readonly kind: 'judgement';
      /** `script` is null where it is the question's, so that it is not copied. */
      readonly judgement: Omit<Judgement, 'script'> & { readonly script: string | null };
      /** It holds so much memory now that it should be the thread's last judgement. */
      readonly isWorn: boolean;
    };

import type { ValidateResponse } from '@pycell/contracts';

/** What came of asking what a script's `main` takes. */
export type ValidateOutcome =
  /** `parametersJson` is the text of the schema, whose defaults have their digits; null where there is no `main`. */
  | {
      readonly kind: 'validated';
      readonly answer: ValidateResponse;
      readonly parametersJson: string | null;
    }
  /** The service is older and has no such question. */
  | { readonly kind: 'unsupported' }
  /** It does not take the question for this script: one that is too large, say. */
  | { readonly kind: 'refused' }
  /** It may answer another time: all its places are taken, or it cannot be reached. */
  | {
      readonly kind: 'unanswered';
      /** Seconds after which another try makes sense, where it said so. */
      readonly retryAfterSeconds: number | null;
    }
  /** It wants a key, or another one. */
  | { readonly kind: 'locked' };

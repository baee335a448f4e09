import type { ErrorAnswer } from '../http/error-answers';
import type { KnownKey } from './key-ring';
import { KEY_HEADER } from './sent-key';

/** What RFC 6750 has for each; the scheme that is offered is the one that standard clients know. */
const CHALLENGE = 'Bearer realm="pycell"';
const WAYS = `in the header ${KEY_HEADER}, or as Authorization: Bearer`;

export type KeyFaultReason = 'missing' | 'several' | 'unknown' | 'expired' | 'disabled' | 'forbidden';

/** Why a request is not served for its key. */
export class KeyFault {
  /** @param name of the key, where it is one of ours: whoever sends a key that is right may be told what is wrong with it */
  private constructor(
    readonly reason: KeyFaultReason,
    readonly answer: ErrorAnswer,
    readonly name: string | null = null,
  ) {}

  static readonly missing = new KeyFault(
    'missing',
    unauthenticated(
      `This needs a key: send it ${WAYS}. Nothing else is read for one, the query neither.`,
      '',
    ),
  );

  static readonly several = new KeyFault(
    'several',
    unauthenticated(
      `The request names more than one key: send one key, once, ${WAYS}`,
      ', error="invalid_request"',
    ),
  );

  /** The same for one that never was, that was removed, and that has not the form of a key: nobody can try out which. */
  static readonly unknown = new KeyFault(
    'unknown',
    unauthenticated(
      `The key is not known here. A key begins with pycell_, is whole and is sent ${WAYS}.`,
      ', error="invalid_token"',
    ),
  );

  static expired({ caller: { key }, expiresAtMs }: KnownKey): KeyFault {
    const when = new Date(expiresAtMs ?? 0).toISOString();
    const message = `The key ${JSON.stringify(key)} expired at ${when}: ask whoever runs the service for another`;
    return new KeyFault('expired', unauthenticated(message, ', error="invalid_token"'), key);
  }

  static disabled({ caller: { key } }: KnownKey): KeyFault {
    const message = `The key ${JSON.stringify(key)} is switched off: ask whoever runs the service`;
    return new KeyFault('disabled', { code: 'FORBIDDEN', message }, key);
  }

  /** Of one who sends nothing now, and has had something accepted before. @param why what is wrong with its key */
  static ofOwner(key: string | null, why: string): KeyFault {
    const which = key === null ? 'Who started this' : `The key ${JSON.stringify(key)}`;
    const message = `${which} ${why}: ask whoever runs the service`;
    return new KeyFault('forbidden', { code: 'FORBIDDEN', message }, key);
  }

  /** Of what was accepted at an interface that is off where it is to run. */
  static ofInterface(name: string): KeyFault {
    const message = `This came to the interface ${JSON.stringify(name)}, which is off where scripts run: ask whoever runs the service (INTERFACES)`;
    return new KeyFault('forbidden', { code: 'FORBIDDEN', message });
  }
}

function unauthenticated(message: string, error: string): ErrorAnswer {
  return { code: 'UNAUTHENTICATED', message, headers: { 'WWW-Authenticate': `${CHALLENGE}${error}` } };
}

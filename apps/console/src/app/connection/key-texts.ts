import { STATUSES } from '@pycell/contracts';
import { resolveTarget } from '../address/resolve-target';
import type { KeyRefusal } from '../keys/key-refusal';

/** What the API wants, in one sentence. */
export function refusalTitle({ code, hadKey }: KeyRefusal): string {
  return code === 'UNAUTHENTICATED' && hadKey ? 'The service does not accept the key' : STATUSES[code].title;
}

/** What the user can do. */
export function refusalAdvice({ code }: KeyRefusal): string {
  return STATUSES[code].advice;
}

/** Where a key goes that is entered for an address, and nowhere else; the address as people know it. */
export function whereKeyGoes(apiUrl: string): string {
  const target = resolveTarget(apiUrl, '');
  return target ? target.href.replace(/\/$/, '') : apiUrl;
}

/** Whether somebody on the way could read a key that is sent there. */
export function isReadableOnTheWay(apiUrl: string): boolean {
  const target = resolveTarget(apiUrl, '');
  return target?.protocol === 'http:' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(target.hostname);
}

import { inject, Injectable, signal } from '@angular/core';
import { resolveTarget } from '../address/resolve-target';
import { TabStorage } from '../browser/tab-storage';
import { isKey } from './typed-key';

/** In the tab's storage: keys by the address that each was entered for. */
const KEPT = 'pycell.keys';

type Keys = Readonly<Record<string, string>>;

/**
 * The keys that were entered in this tab, each for one address of an API, to which alone it is sent. They are kept for
 * the session: over a reload, and never where scripts, links and history are kept. Other tabs do not have them, but for
 * those that the browser makes out of this one: a duplicate, or the tab when it is opened again after it was closed.
 */
@Injectable({ providedIn: 'root' })
export class KeyStore {
  private readonly storage = inject(TabStorage);
  private readonly keys = signal<Keys>(readKeys(this.storage.read(KEPT)));
  private readonly changed = signal(0);

  /** How often a key was entered or forgotten: who depends on the key in force asks again when this is another number. */
  readonly changes = this.changed.asReadonly();

  /**
   * @param apiUrl an address of an API, perhaps relative to the page
   * @returns null where none was entered for just this address
   */
  keyFor(apiUrl: string): string | null {
    const scope = scopeOf(apiUrl);
    const keys = this.keys();
    return scope !== null && Object.hasOwn(keys, scope) ? (keys[scope] ?? null) : null;
  }

  /** @param key as `readTypedKey` has made it */
  keep(apiUrl: string, key: string): void {
    const scope = scopeOf(apiUrl);
    if (scope !== null) this.replace({ ...this.keys(), [scope]: key });
  }

  forget(apiUrl: string): void {
    const scope = scopeOf(apiUrl);
    this.replace(Object.fromEntries(Object.entries(this.keys()).filter(([address]) => address !== scope)));
  }

  private replace(keys: Keys): void {
    this.keys.set(keys);
    this.changed.update((count) => count + 1);
    // Where the browser keeps nothing, the page still knows the key until it is reloaded.
    if (Object.keys(keys).length === 0) this.storage.remove(KEPT);
    else this.storage.write(KEPT, JSON.stringify(keys));
  }
}

/** Scheme, host, port and path: another path of a host may be another's service. */
function scopeOf(apiUrl: string): string | null {
  return resolveTarget(apiUrl, '')?.href ?? null;
}

function readKeys(text: string | null): Keys {
  if (text === null) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(
      Object.entries(value).filter((entry): entry is [string, string] => isKey(entry[1])),
    );
  } catch {
    // A SyntaxError: not what this page wrote.
    return {};
  }
}

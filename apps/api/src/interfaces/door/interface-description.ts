import type { InterfaceName } from '../../configuration/interfaces-options';
import type { ForeignForm } from '../../http/foreign-forms';

export type { ForeignAnswer, ForeignError } from '../../http/foreign-forms';

/**
 * What the stations of a request must know of an interface, before any of its own code sees one. No two interfaces share a
 * prefix, nor does one with our API. In the paths of endpoints `{name}` is any one step.
 */
export interface InterfaceDescription extends ForeignForm {
  readonly name: InterfaceName;
  /** Lower-case names of headers in which its clients send their key, besides ours; the value may begin with `Bearer`. */
  readonly keyHeaders: readonly string[];
  /** Paths of GET that are answered without a key. */
  readonly openPaths: readonly string[];
  /** Types that bodies of POST may be sent as besides JSON; browsers' may not. */
  readonly bodyTypes?: readonly string[];
  /** Paths of POST that read no body, lower case: clients send them none, and so no type of one. */
  readonly bodilessPaths?: readonly string[];
  /** Whether its requests may bring files and standard input, for which bodies may be larger. */
  readonly takesFiles?: boolean;
}

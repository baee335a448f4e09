import type { EndpointInfo, ErrorCode } from '@pycell/contracts';
import type { InterfaceName } from '../../configuration/interfaces-options';

/** An answer in the form of another service. */
export interface ForeignAnswer {
  readonly status: number;
  /** Sent as JSON; a text as it is. */
  readonly body: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Why a request has no answer of its interface: a key, a rate, a body, a path, a full queue. */
export interface ForeignError {
  readonly code: ErrorCode;
  /** The status with which our own API says it. */
  readonly httpStatus: number;
  /** One sentence for a person. */
  readonly message: string;
  readonly requestId: string;
  /** Lower-case path of the request. */
  readonly path: string;
}

/** What the stations of a request must know of an interface, before any of its own code sees one. */
export interface InterfaceDescription {
  readonly name: InterfaceName;
  /** Lower-case paths that are its own, with what lies below them. No two interfaces share one, nor one with our API. */
  readonly prefixes: readonly string[];
  /** What `GET /` lists, and by what a wrong method is told from a wrong path. `{name}` is any one step. */
  readonly endpoints: readonly EndpointInfo[];
  /** Lower-case names of headers in which its clients send their key, besides ours; the value may begin with `Bearer`. */
  readonly keyHeaders: readonly string[];
  /** Paths of GET that are answered without a key. */
  readonly openPaths: readonly string[];
  /** Whether POST takes other bodies than JSON. */
  readonly bodyTypes?: readonly string[];
  /** Says in the form of that service why there is no answer. */
  errorOf(error: ForeignError): ForeignAnswer;
}

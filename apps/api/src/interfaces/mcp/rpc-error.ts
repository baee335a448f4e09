import type { ErrorCode } from '@pycell/contracts';
import type { ForeignAnswer, ForeignError } from '../door/interface-description';

/** Codes of JSON-RPC 2.0 that this interface sends itself; the rest is the SDK's. */
export const RPC_CODES = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  /** What JSON-RPC leaves to the server: a key, a rate, a method of HTTP. */
  serverError: -32000,
} as const;

/** The id of a request as JSON-RPC has it; null where it is not known. */
export type RpcId = string | number | null;

/** The body of an error answer. */
export interface RpcError {
  readonly jsonrpc: '2.0';
  readonly id: RpcId;
  readonly error: { readonly code: number; readonly message: string; readonly data?: object };
}

/** Returns the body of an error answer. @param data facts for programs */
export function rpcError(code: number, message: string, id: RpcId = null, data?: object): RpcError {
  return { jsonrpc: '2.0', id, error: { code, message, ...(data && { data }) } };
}

/** Says in the form of JSON-RPC why a request has no answer. Its id is not known: the body has not been read then, or cannot be. */
export function rpcErrorOf({ code, httpStatus, message, requestId }: ForeignError): ForeignAnswer {
  return { status: httpStatus, body: rpcError(rpcCodeOf(code), message, null, { code, requestId }) };
}

function rpcCodeOf(code: ErrorCode): number {
  switch (code) {
    case 'INVALID_REQUEST':
    case 'PAYLOAD_TOO_LARGE':
      return RPC_CODES.invalidRequest;
    case 'INTERNAL':
      return RPC_CODES.internalError;
    default:
      return RPC_CODES.serverError;
  }
}

import { Injectable } from '@nestjs/common';
import type { EndpointInfo, ErrorCode } from '@pycell/contracts';
import type { Request } from 'express';
import { routeOf } from './endpoints';

/** An answer in the form of another service. */
export interface ForeignAnswer {
  readonly status: number;
  /** Sent as JSON. */
  readonly body: object;
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

/** Paths on which errors are told in the form of another service. */
export interface ForeignForm {
  /** Lower-case paths that are its own, with what lies below them. */
  readonly prefixes: readonly string[];
  readonly endpoints: readonly EndpointInfo[];
  errorOf(error: ForeignError): ForeignAnswer;
}

/** The interfaces of others that are served, for what answers requests. None, where none is on. */
@Injectable()
export class ForeignForms {
  private forms: readonly ForeignForm[] = [];

  use(forms: readonly ForeignForm[]): void {
    this.forms = forms;
  }

  /** What `GET /` lists besides our own. */
  get endpoints(): readonly EndpointInfo[] {
    return this.forms.flatMap(({ endpoints }) => endpoints);
  }

  /** Returns by whose form a request is answered; null: by ours. */
  of(request: Request): ForeignForm | null {
    if (this.forms.length === 0) {
      return null;
    }
    const path = pathOf(request);
    return this.forms.find(({ prefixes }) => isBelow(path, prefixes)) ?? null;
  }
}

/** Returns the whole path of a request as the router compares it, also within what is mounted on a part of it. */
export function pathOf({ baseUrl, path }: Request): string {
  return routeOf(`${baseUrl}${path}`);
}

/** Whether a path, in the form that `pathOf` returns, is one of these or lies below one. */
export function isBelow(path: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
}

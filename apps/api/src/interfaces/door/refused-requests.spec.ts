import { EventEmitter } from 'node:events';
import type { CallHandler, ExecutionContext } from '@nestjs/common';
import type { ErrorCode } from '@pycell/contracts';
import type { Request, Response } from 'express';
import { FailedRequests } from '../../http/failed-requests';
import { type ForeignClient, foreignClientOf } from './foreign-client';
import { RefusedRequests } from './refused-requests';

/** Answers a request with a status; returns as what it counts. */
function countedAs(status: number, meanwhile: (client: ForeignClient) => void = () => undefined) {
  const counted: ErrorCode[] = [];
  const failed = new FailedRequests();
  failed.listen((_request, code) => counted.push(code));
  const request = { caller: {} } as unknown as Request;
  const response = Object.assign(new EventEmitter(), { statusCode: status }) as unknown as Response;
  const http = { getRequest: () => request, getResponse: () => response };
  const context = { switchToHttp: () => http } as unknown as ExecutionContext;
  new RefusedRequests(failed).intercept(context, { handle: () => undefined } as unknown as CallHandler);
  meanwhile(foreignClientOf(request, response));
  response.emit('finish');
  return counted;
}

describe('RefusedRequests', () => {
  it.each([
    [400, 'INVALID_REQUEST'],
    [403, 'FORBIDDEN'],
    [404, 'NOT_FOUND'],
    [422, 'INVALID_REQUEST'],
  ])('counts what an interface refuses with %d', (status, code) => {
    expect(countedAs(status)).toEqual([code]);
  });

  it('counts what nothing is executed of, with whatever status that is told', () => {
    expect(countedAs(200, (client) => client.refused?.('INVALID_REQUEST'))).toEqual(['INVALID_REQUEST']);
  });

  it('counts no execution, whatever came of it', () => {
    expect(countedAs(400, (client) => client.executed?.())).toEqual([]);
    expect(countedAs(200)).toEqual([]);
    expect(countedAs(503)).toEqual([]);
  });
});

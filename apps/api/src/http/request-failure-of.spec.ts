import { BadRequestException, InternalServerErrorException, NotFoundException } from '@nestjs/common';
import type { Request } from 'express';
import { RequestFailure } from './request-failure';
import { requestFailureOf } from './request-failure-of';

const failureOf = (exception: unknown, method = 'GET', path = '/nowhere') =>
  requestFailureOf(exception, { method, path } as Request);

describe('requestFailureOf', () => {
  it('passes failures of requests through', () => {
    const failure = new RequestFailure('PAYLOAD_TOO_LARGE', 'large');
    expect(failureOf(failure)).toBe(failure);
  });

  it('tells an unknown path from a known one with another method', () => {
    expect(failureOf(new NotFoundException())).toMatchObject({ code: 'NOT_FOUND' });
    expect(failureOf(new NotFoundException(), 'GET', '/execute')).toMatchObject({
      code: 'METHOD_NOT_ALLOWED',
      message: '/execute answers to POST, not to GET',
    });
    expect(failureOf(new NotFoundException(), 'GET', '/EXECUTE/').code).toBe('METHOD_NOT_ALLOWED');
    expect(failureOf(new NotFoundException(), 'DELETE', '/').code).toBe('METHOD_NOT_ALLOWED');
  });

  it('takes other refusals for invalid requests', () => {
    expect(failureOf(new BadRequestException('bad path'))).toMatchObject({
      code: 'INVALID_REQUEST',
      message: 'bad path',
    });
  });

  it.each([
    [412, 'Precondition Failed'],
    [416, 'Range Not Satisfiable'],
  ])('takes what Express refuses with %i for an invalid request', (status, message) => {
    expect(failureOf(Object.assign(new Error(message), { status, expose: true }))).toMatchObject({
      code: 'INVALID_REQUEST',
      message: `The request cannot be served: ${message}`,
    });
  });

  it.each([
    [500, true],
    [404, false],
  ])('does not take any error with a status for one of them: %i, exposed: %s', (status, expose) => {
    expect(failureOf(Object.assign(new Error('secret'), { status, expose })).code).toBe('INTERNAL');
  });

  it.each([[new InternalServerErrorException('secret')], [new Error('secret')], ['secret'], [null]])(
    'keeps the cause of %p to the log',
    (exception) => {
      expect(failureOf(exception)).toMatchObject({ code: 'INTERNAL', message: 'Internal error' });
    },
  );
});

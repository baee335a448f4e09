import { BadRequestException, InternalServerErrorException, NotFoundException } from '@nestjs/common';
import { ERROR_CODES } from '@pycell/contracts';
import { ExecutionFailure } from '@pycell/sandbox';
import type { Request } from 'express';
import { STATUS_OF_CODE } from './error-status';
import { failureOfException } from './failure-of-exception';

const failureOf = (exception: unknown, method = 'GET', path = '/nowhere') =>
  failureOfException(exception, { method, path } as Request);

describe('failureOfException', () => {
  it('passes failures of executions through', () => {
    const failure = new ExecutionFailure('TIMEOUT', 'late');
    expect(failureOf(failure)).toBe(failure);
  });

  it.each([
    [
      { type: 'entity.too.large', status: 413, message: 'x', limit: 10 },
      'PAYLOAD_TOO_LARGE',
      'limit of 10 bytes',
    ],
    [{ type: 'charset.unsupported', status: 415, message: 'x' }, 'UNSUPPORTED_MEDIA_TYPE', 'x'],
    [{ type: 'entity.parse.failed', status: 400, message: 'x' }, 'INVALID_REQUEST', 'not valid JSON'],
    [{ type: 'request.size.invalid', status: 400, message: 'x' }, 'INVALID_REQUEST', 'cannot be read'],
    [{ type: 'stream.encoding.set', status: 500, message: 'x' }, 'INTERNAL', 'Internal error'],
  ])('reads %j of the body parser as %s', (exception, code, message) => {
    expect(failureOf(exception)).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('tells an unknown path from a known one with another method', () => {
    expect(failureOf(new NotFoundException())).toMatchObject({ code: 'NOT_FOUND' });
    expect(failureOf(new NotFoundException(), 'GET', '/execute')).toMatchObject({
      code: 'METHOD_NOT_ALLOWED',
      message: '/execute answers to POST, not to GET',
    });
  });

  it('takes other refusals for invalid requests', () => {
    expect(failureOf(new BadRequestException('bad path'))).toMatchObject({
      code: 'INVALID_REQUEST',
      message: 'bad path',
    });
  });

  it.each([[new InternalServerErrorException('secret')], [new Error('secret')], ['secret'], [null]])(
    'keeps the cause of %p to the log',
    (exception) => {
      expect(failureOf(exception)).toMatchObject({ code: 'INTERNAL', message: 'Internal error' });
    },
  );
});

describe('STATUS_OF_CODE', () => {
  it('has an error status for every code', () => {
    const statuses: number[] = ERROR_CODES.map((code) => STATUS_OF_CODE[code]);
    expect(Math.min(...statuses)).toBeGreaterThanOrEqual(400);
  });
});

import { EventEmitter } from 'node:events';
import { Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { OpenResponses } from './open-responses';

const MIB = 1024 * 1024;

/** A response of which the client has read nothing. */
class StalledResponse extends EventEmitter {
  writableEnded = true;
  writableFinished = false;
  destroyed = false;

  constructor(readonly writableLength: number) {
    super();
  }

  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

describe('OpenResponses', () => {
  let responses: OpenResponses;
  const stall = (bytes: number): StalledResponse => {
    const response = new StalledResponse(bytes);
    responses.track({} as Request, response as unknown as Response, () => undefined);
    return response;
  };

  beforeEach(() => {
    Logger.overrideLogger(false);
    responses = new OpenResponses();
  });
  afterEach(() => responses.onApplicationShutdown());

  it('closes the connection of a client that has not read its answer after 30 s', () => {
    const response = stall(MIB);
    responses.dropUnread(0);
    responses.dropUnread(29_000);
    expect(response.destroyed).toBe(false);
    responses.dropUnread(31_000);
    expect(response.destroyed).toBe(true);
  });

  it('does not count the time before the answer is complete', () => {
    const response = stall(0);
    response.writableEnded = false;
    responses.dropUnread(0);
    responses.dropUnread(100_000);
    expect(response.destroyed).toBe(false);
  });

  it('drops the oldest unread answers while all together hold too much', () => {
    const stalled = [60, 60, 60].map((megabytes) => stall(megabytes * MIB));
    responses.dropUnread(0);
    expect(stalled.map(({ destroyed }) => destroyed)).toEqual([true, false, false]);
  });

  it('is finished when the last answer has been sent', async () => {
    const response = stall(1);
    const finished = responses.finished(10_000);
    response.destroy();
    await expect(finished).resolves.toBeUndefined();
  });
});

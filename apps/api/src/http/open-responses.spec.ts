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

  it('gives a client time to read its answer, and no more', () => {
    const response = stall(MIB);
    responses.giveUpUnread(0);
    responses.giveUpUnread(29_000);
    expect(response.destroyed).toBe(false);
    responses.giveUpUnread(31_000);
    expect(response.destroyed).toBe(true);
  });

  it('does not count the time in which the answer is made', () => {
    const response = stall(0);
    response.writableEnded = false;
    responses.giveUpUnread(0);
    responses.giveUpUnread(100_000);
    expect(response.destroyed).toBe(false);
  });

  it('gives up the oldest unread answers while all together hold too much', () => {
    const stalled = [60, 60, 60].map((megabytes) => stall(megabytes * MIB));
    responses.giveUpUnread(0);
    expect(stalled.map(({ destroyed }) => destroyed)).toEqual([true, false, false]);
  });

  it('is finished when the last answer is out', async () => {
    const response = stall(1);
    const finished = responses.finished(10_000);
    response.destroy();
    await expect(finished).resolves.toBeUndefined();
  });
});

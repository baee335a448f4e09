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
  const stall = (bytes: number, socket = new EventEmitter()): StalledResponse => {
    const response = new StalledResponse(bytes);
    responses.track({ socket } as Request, response as unknown as Response, () => undefined);
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

  describe('of answers that are made while they are read', () => {
    const follow = (
      waitingBytes: number,
      progressAt: number,
      dueAt = Infinity,
      isRepeatable = false,
    ): StalledResponse => {
      const response = stall(0);
      response.writableEnded = false;
      responses.follow(response as unknown as Response, { waitingBytes, progressAt, dueAt }, isRepeatable);
      return response;
    };

    it('closes the connection of a client that has read nothing for 30 s while something waits', () => {
      const stalled = follow(1, 1_000);
      const slow = follow(MIB, 20_000);
      const quiet = follow(0, 0);
      responses.dropUnread(30_999);
      expect(stalled.destroyed).toBe(false);
      responses.dropUnread(31_001);
      expect([stalled, slow, quiet].map(({ destroyed }) => destroyed)).toEqual([true, false, false]);
    });

    it('drops those that have read nothing for the longest time while all together hold too much', () => {
      const [active, idle] = [follow(100 * MIB, 9_000), follow(60 * MIB, 8_000)];
      responses.dropUnread(10_000);
      expect([active.destroyed, idle.destroyed]).toEqual([false, true]);
    });

    it('drops such as can be asked for again before others, that have waited for longer', () => {
      const plain = stall(10 * MIB);
      responses.dropUnread(0);
      const repeatable = [9_000, 8_000].map((at) => follow(64 * MIB, at, Infinity, true));
      responses.dropUnread(10_000);
      expect([plain, ...repeatable].map(({ destroyed }) => destroyed)).toEqual([false, false, true]);
    });

    it('drops those that take a little now and then, and not all of it in time', () => {
      const [trickling, inTime] = [follow(1, 39_000, 40_000), follow(1, 39_000, 41_000)];
      responses.dropUnread(40_001);
      expect([trickling.destroyed, inTime.destroyed]).toEqual([true, false]);
    });

    it('follows none whose connection is gone already', () => {
      const response = stall(0);
      response.destroy();
      responses.follow(response as unknown as Response, { waitingBytes: 1, progressAt: 0, dueAt: Infinity });
      response.destroyed = false;
      responses.dropUnread(100_000);
      expect(response.destroyed).toBe(false);
    });
  });

  it('forgets what waits on a connection that is gone, and leaves no listener on one that stays', async () => {
    const socket = new EventEmitter();
    const queued = stall(1, socket);
    stall(1, socket).destroy();
    expect(socket.listenerCount('close')).toBe(1);
    const finished = responses.finished(60_000);
    socket.emit('close');
    await finished;
    responses.dropUnread(0);
    responses.dropUnread(31_000);
    expect(queued.destroyed).toBe(false);
  });

  it('warns once of a response, even if it never says that it is closed', () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const response = stall(MIB);
    jest.spyOn(response, 'emit').mockReturnValue(false);
    for (const now of [0, 31_000, 32_000, 33_000]) {
      responses.dropUnread(now);
    }
    expect(response.destroyed).toBe(true);
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });

  it('is finished when the last answer has been sent', async () => {
    const response = stall(1);
    const finished = responses.finished(10_000);
    response.destroy();
    await expect(finished).resolves.toBeUndefined();
  });
});

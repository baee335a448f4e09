import 'reflect-metadata';
import { createServer } from 'node:http';
import { Logger } from '@nestjs/common';
import { DrainState } from './drain-state';
import { GracefulShutdown } from './graceful-shutdown';

const DELAY_MS = 200;

describe('GracefulShutdown', () => {
  it('is not ready at once, and ends nothing before the delay is over; then jobs and runs have the grace', async () => {
    Logger.overrideLogger(false);
    const state = new DrainState();
    const [jobs, sandbox] = [{ drain: jest.fn() }, { drain: jest.fn() }];
    const responses = { endConnections: jest.fn(), finished: jest.fn() };
    const shutdown = new GracefulShutdown(
      state,
      responses as never,
      { httpAdapter: { getHttpServer: () => createServer() } } as never,
      { http: { shutdownDelayMs: DELAY_MS, shutdownGraceMs: 700 } } as never,
      sandbox as never,
      jobs,
    );
    const start = performance.now();
    const ended = shutdown.beforeApplicationShutdown('SIGTERM');
    expect([state.draining, responses.endConnections.mock.calls.length]).toEqual([true, 1]);
    await new Promise((resolve) => setTimeout(resolve, DELAY_MS / 2));
    expect(jobs.drain).not.toHaveBeenCalled();
    expect(sandbox.drain).not.toHaveBeenCalled();
    await ended;
    expect(performance.now() - start).toBeGreaterThanOrEqual(DELAY_MS - 5);
    expect(jobs.drain).toHaveBeenCalledWith(700);
    expect(sandbox.drain).toHaveBeenCalledWith(700);
    expect(responses.finished).toHaveBeenCalledTimes(1);
  });
});

import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import type { JobStatus } from '@pycell/contracts';
import { ExecutionFailure, type SandboxService } from '@pycell/sandbox';
import { type JobSource, JobStoreUnavailable } from '../job-store';
import { JobWorker } from './job-worker';
import { HEARD, UNTIL_ENDED, WorkerScene } from './worker-scene.contract';

let scene: WorkerScene;
let worker: JobWorker;
let heard: (JobStatus | number)[];
let works: boolean;

const start = (source: Partial<JobSource> = {}): void => {
  const { store, sandbox, runner, configuration } = scene;
  const whole: JobSource = {
    waiting: (signal) => store.waiting(signal),
    take: () => store.take(),
    ...source,
  };
  const probe = { check: () => Promise.resolve({ working: works, cause: '', at: 0 }) };
  worker = new JobWorker(whole, store, sandbox as unknown as SandboxService, probe, runner, configuration, {
    jobBegun: (waitedMs) => heard.push(waitedMs),
    jobEnded: (status) => heard.push(status),
  });
  worker.onApplicationBootstrap();
};

const within = async (isTrue: () => boolean | Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + 4_000;
  while (!(await isTrue())) {
    expect(performance.now()).toBeLessThan(deadline);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
};
const statusOf = async (id: string) => (await scene.store.find(id))?.status;

beforeEach(async () => {
  Logger.overrideLogger(false);
  heard = [];
  works = true;
  scene = await WorkerScene.open();
});

afterEach(async () => {
  await worker.drain(0);
  expect(scene.sandbox.held).toBe(0);
  await scene.store.stop();
});

describe('JobWorker', () => {
  it('takes what waits, no more at once than there are places, and tells of each end', async () => {
    let [running, most] = [0, 0];
    scene.sandbox.run = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
      return HEARD;
    };
    const ids = await Promise.all(Array.from({ length: 20 }, () => scene.accept()));
    start();
    await within(() => heard.length === 2 * ids.length);
    expect(most).toBe(scene.sandbox.places);
    expect([...scene.sandbox.handedOver].sort()).toEqual([...ids].sort());
    expect(heard.filter((one) => one === 'succeeded')).toHaveLength(ids.length);
    expect(heard.filter((one) => typeof one === 'number' && one >= 0)).toHaveLength(ids.length);
  });

  it('holds no place while nothing waits, and takes nothing while there is none', async () => {
    start();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(scene.sandbox.held).toBe(0);
    scene.sandbox.places = 0;
    const id = await scene.accept();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await statusOf(id)).toBe('queued');
    scene.sandbox.places = 1;
    await within(async () => (await statusOf(id)) === 'succeeded');
  });

  it('takes nothing before the sandbox works, and nothing more once one was lost with it until it does again', async () => {
    works = false;
    start();
    const first = await scene.accept();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([await statusOf(first), scene.sandbox.held]).toEqual(['queued', 0]);
    works = true;
    await within(async () => (await statusOf(first)) === 'succeeded');
    scene.sandbox.run = () => {
      works = false;
      throw new ExecutionFailure('SANDBOX_UNAVAILABLE', 'lost');
    };
    const second = await scene.accept();
    await within(async () => (await statusOf(second)) === 'failed');
    scene.sandbox.run = () => HEARD;
    const third = await scene.accept();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await statusOf(third)).toBe('queued');
    works = true;
    await within(async () => (await statusOf(third)) === 'succeeded');
  });

  it('goes on where another was faster', async () => {
    let misses = 3;
    start({ take: () => (misses-- > 0 ? Promise.resolve(null) : scene.store.take()) });
    const id = await scene.accept();
    await within(async () => (await statusOf(id)) === 'succeeded');
  });

  it('survives that the store does not answer, and goes on when it does', async () => {
    let isGone = true;
    let attempts = 0;
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    start({
      take: () => {
        attempts++;
        return isGone ? Promise.reject(new JobStoreUnavailable('gone')) : scene.store.take();
      },
    });
    const id = await scene.accept();
    await within(() => attempts > 3);
    expect(scene.sandbox.held).toBeLessThanOrEqual(1);
    isGone = false;
    await within(async () => (await statusOf(id)) === 'succeeded');
    expect(error).toHaveBeenCalledTimes(1);
    error.mockRestore();
  });

  it('goes on where the end of one could not be stored', async () => {
    let first = true;
    start({
      take: async () => {
        const job = await scene.store.take();
        if (job && first) {
          first = false;
          return { ...job, end: () => Promise.reject(new JobStoreUnavailable('gone')) };
        }
        return job;
      },
    });
    await scene.accept();
    const id = await scene.accept();
    await within(async () => (await statusOf(id)) === 'succeeded');
  });

  it('takes none when it shuts down, and lets those that run end', async () => {
    let end!: () => void;
    scene.sandbox.places = 1;
    scene.sandbox.run = () => new Promise((resolve) => (end = () => resolve(HEARD)));
    start();
    const [first, second] = [await scene.accept(), await scene.accept()];
    await within(() => scene.sandbox.handedOver.length === 1);
    const drained = worker.drain(10_000);
    await new Promise((resolve) => setTimeout(resolve, 10));
    end();
    await drained;
    expect([await statusOf(first), await statusOf(second)]).toEqual(['succeeded', 'queued']);
  });

  it('gives back what it took when it was about to shut down', async () => {
    let release!: () => void;
    const gate = new Promise<void>((resolve) => (release = resolve));
    start({ take: () => gate.then(() => scene.store.take()) });
    const id = await scene.accept();
    await within(() => scene.sandbox.held === 1);
    const drained = worker.drain(10_000);
    release();
    await drained;
    expect(await statusOf(id)).toBe('queued');
    expect(await scene.store.take()).toMatchObject({ id });
  });

  it('does not wait for an end that cannot be stored beyond its time', async () => {
    scene.sandbox.run = UNTIL_ENDED;
    const end = (_outcome: unknown, hurry?: AbortSignal): Promise<boolean> =>
      new Promise((_resolve, reject) => {
        hurry?.addEventListener('abort', () => reject(new JobStoreUnavailable('gone')));
      });
    start({ take: async () => scene.store.take().then((job) => job && { ...job, end }) });
    await scene.accept();
    await within(() => scene.sandbox.handedOver.length === 1);
    const begin = performance.now();
    await worker.drain(20);
    expect(performance.now() - begin).toBeLessThan(3_000);
  });

  it('names what it is that takes none', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    start({ take: () => Promise.reject(new TypeError('x')) });
    await scene.accept();
    await within(() => error.mock.calls.length > 0);
    expect(error.mock.calls).toEqual([
      [
        {
          msg: expect.stringContaining('an error of the service') as string,
          err: expect.any(TypeError) as Error,
        },
      ],
    ]);
    error.mockRestore();
  });

  it('kills what still runs when the time for that is over, and each has its end then', async () => {
    scene.sandbox.run = UNTIL_ENDED;
    start();
    const id = await scene.accept();
    await within(() => scene.sandbox.handedOver.length === 1);
    await worker.drain(20);
    expect(await scene.store.find(id)).toMatchObject({ status: 'failed', httpStatus: 503 });
  });
});

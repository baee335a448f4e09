import { ApiServer } from './harness/api-server';
import { eventually } from './harness/eventually';
import { describeCloud } from './harness/jail-support';
import { Judge0 } from './harness/judge0-client';

describeCloud('What the interface of Judge0 tells of the service', () => {
  let server: ApiServer;
  let judge: Judge0;

  beforeAll(async () => {
    server = await ApiServer.start({
      BUILD: 'cloud',
      INTERFACES: 'judge0',
      SCRIPT_TIMEOUT: '3',
      MAX_CONCURRENCY: '3',
    });
    judge = new Judge0(server);
  });

  afterAll(() => server.stop());

  it('tells of itself', async () => {
    const languages = await judge.get<{ id: number; name: string }[]>('/languages');
    expect(languages.body.map(({ id }) => id)).toEqual([10, 25, 31, 32, 33, 71, 92, 100, 109, 113]);
    expect(languages.body[5]?.name).toMatch(/^Python \(3\.\d+\.\d+/);
    expect((await judge.get('/languages/71')).body).toMatchObject({
      ...languages.body[5],
      is_archived: false,
    });
    expect((await judge.get<unknown[]>('/statuses')).body).toHaveLength(14);
    expect((await judge.get('/config_info')).body).toMatchObject({
      enable_wait_result: true,
      enable_batched_submissions: true,
      max_wall_time_limit: 3,
      max_memory_limit: 524_288,
      max_submission_batch_size: 20,
    });
    expect((await judge.get('/about')).body).toEqual({
      version: '1.13.1-extra',
      homepage: '',
      source_code: '',
      maintainer: '',
      served_by: 'pycell',
    });
    expect((await judge.post('/authenticate', {})).status).toBe(200);
  });

  it('takes a request for who sends it without a body, and nothing else without one', async () => {
    const bare = async (path: string, headers: object = {}) => {
      const sent = { method: 'POST', path, headers: { 'Content-Length': '0', ...headers } };
      return (await server.client.send(sent)).status;
    };
    expect(await bare('/authenticate')).toBe(200);
    expect(await bare('/authorize')).toBe(403);
    expect(await bare('/submissions?wait=true')).toBe(415);
    expect(await bare('/authenticate', { Origin: 'https://evil.example' })).toBe(403);
  });

  it('counts its places, and what runs in them', async () => {
    type Workers = readonly Readonly<Record<string, unknown>>[];
    const whileWorking = async (count: number): Promise<Workers> => {
      const workers = async () => (await judge.get<Workers>('/workers')).body;
      return eventually(workers, ([queue]) => queue?.['working'] === count);
    };
    const idle = { queue: 'default', size: 0, available: 3, idle: 3, working: 0, paused: 0, failed: 0 };
    expect(await whileWorking(0)).toEqual([idle]);
    const running = judge.run('import time\ntime.sleep(2.5)');
    expect(await whileWorking(1)).toEqual([{ ...idle, idle: 2, working: 1 }]);
    await running;
  });
});

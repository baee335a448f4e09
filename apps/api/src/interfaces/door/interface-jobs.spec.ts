import type { SandboxService } from '@pycell/sandbox';
import type { Caller } from '../../callers/caller';
import type { Callers } from '../../callers/callers';
import { interfaceTerms } from '../../callers/interface-terms';
import { readConfiguration } from '../../configuration/configuration';
import { RequestFailure } from '../../http/request-failure';
import { Jobs } from '../../jobs/jobs.service';
import { partsOfJob } from '../../jobs/interface-job';
import { MemoryJobStore } from '../../jobs/memory/memory-job-store';
import { OUTCOME } from '../../jobs/store-scene.contract';
import { DrainState } from '../../shutdown/drain-state';
import type { ForeignClient } from './foreign-client';
import { InterfaceJobs } from './interface-jobs';
import { REPORT } from './outcome.contract';

const configuration = readConfiguration({ BUILD: 'cloud', INTERFACES: 'judge0' });
const REQUEST = { script: 'print(1)', mode: 'script' as const };

function clientOf(id: string, key: string | null = null): ForeignClient {
  const { limits, policyRules } = configuration.sandbox;
  const caller: Caller = { id, key, maxPlaces: null, limits, policyRules, rate: null, version: 0 };
  return { caller, signal: new AbortController().signal, trace: undefined };
}

const ANY = clientOf('127.0.0.1');
let store: MemoryJobStore;
let jobs: Jobs;
let sized: unknown[];
let subject: InterfaceJobs;

beforeEach(() => {
  store = new MemoryJobStore(configuration.jobs);
  jobs = new Jobs(store, new DrainState(), configuration);
  sized = [];
  const callers = { interfaceTermsOf: (caller: Caller) => interfaceTerms(caller, undefined) };
  const sandbox = { checkSize: (...all: unknown[]) => sized.push(all) };
  subject = new InterfaceJobs(
    jobs,
    callers as unknown as Callers,
    sandbox as unknown as SandboxService,
    configuration,
  );
});

afterEach(() => store.stop());

describe('InterfaceJobs', () => {
  it('starts a job of an interface, whose size has been checked by the terms of interfaces', async () => {
    const started = await subject.start(REQUEST, '{"n":1}', ANY, 'judge0');
    expect(started).toMatchObject({ status: 'queued', note: '{"n":1}', outcome: null });
    const taken = await store.take();
    const { interfaceName, body } = partsOfJob(taken?.body ?? Buffer.alloc(0));
    expect(interfaceName).toBe('judge0');
    expect(JSON.parse(body.toString('utf8'))).toEqual({ ...REQUEST, limits: {} });
    expect(sized).toMatchObject([[REQUEST, { policyRules: null, limits: { maxScriptSize: 200_000 } }]]);
  });

  it('counts an outcome before anything is made of it', async () => {
    const { id } = await subject.start(REQUEST, 'note', ANY, 'judge0');
    const taken = await store.take();
    await taken?.begin();
    const output = JSON.stringify({ stdout: 'x'.repeat(100_000), stderr: '' });
    await taken?.end({ ...OUTCOME, facts: JSON.stringify({ execution: REPORT }), output });
    const full = (bytes: number): void => {
      throw new Error(`no room for ${bytes > 100_000 && bytes < 101_000 ? 'it' : bytes}`);
    };
    const asked = subject.find(id, { ...ANY, holding: { resize: full } }, 'judge0');
    await expect(asked).rejects.toThrow('no room for it');
  });

  it('finds it with its note, and its outcome once it has ended', async () => {
    const { id } = await subject.start(REQUEST, 'note', ANY, 'judge0');
    expect(await subject.find(id, ANY, 'judge0')).toMatchObject({
      id,
      status: 'queued',
      note: 'note',
      outcome: null,
    });
    const taken = await store.take();
    await taken?.begin();
    await taken?.end({ ...OUTCOME, facts: JSON.stringify({ execution: REPORT }) });
    expect(await subject.find(id, ANY, 'judge0')).toMatchObject({
      status: 'succeeded',
      note: 'note',
      outcome: { kind: 'completed', resultJson: OUTCOME.result, stdout: 'out\n', artifacts: [] },
    });
  });

  it('knows none of our own API, of another interface, and of another key', async () => {
    const record = await jobs.start({
      owner: ANY.caller.id,
      key: null,
      maxPlaces: null,
      body: Buffer.from('{"script":"x"}'),
      idempotencyKey: null,
      callbackUrl: null,
    });
    const { id } = await subject.start(REQUEST, '', ANY, 'judge0');
    const { id: keyed } = await subject.start(REQUEST, '', clientOf('key:a', 'a'), 'judge0');
    expect(await subject.find(record.id, ANY, 'judge0')).toBeNull();
    expect((await jobs.find(record.id, ANY.caller)).status).toBe('queued');
    expect(await subject.find(id, ANY, 'piston')).toBeNull();
    expect(await subject.find(keyed, clientOf('key:b', 'b'), 'judge0')).toBeNull();
    expect(await subject.find('none', ANY, 'judge0')).toBeNull();
  });

  it('refuses a note, and an execution, that could never wait', async () => {
    const large = 'x'.repeat(1024 * 1024);
    const refused = expect.objectContaining({ code: 'PAYLOAD_TOO_LARGE' });
    await expect(subject.start(REQUEST, large, ANY, 'judge0')).rejects.toEqual(refused);
    const most = { ...configuration, jobs: { ...configuration.jobs, maxWaitingBytes: 100 } };
    const small = new InterfaceJobs(
      jobs,
      { interfaceTermsOf: (caller: Caller) => caller } as unknown as Callers,
      { checkSize: () => undefined } as unknown as SandboxService,
      most,
    );
    const asked = small.start({ ...REQUEST, script: 'x'.repeat(100) }, '', ANY, 'judge0');
    await expect(asked).rejects.toThrow(RequestFailure);
    await expect(asked).rejects.toThrow(/takes \d+ bytes while it waits, the limit is 100/);
  });

  it('tells who starts several why one was not started', async () => {
    const started = await subject.tryStart(REQUEST, 'n', ANY, 'judge0');
    expect(started).toMatchObject({ status: 'queued', note: 'n' });
    const large = await subject.tryStart(REQUEST, 'x'.repeat(1024 * 1024), ANY, 'judge0');
    expect(large).toMatchObject({ kind: 'failed', code: 'PAYLOAD_TOO_LARGE' });
    const invalid = await subject.tryStart({ ...REQUEST, script: '\ud800' }, '', ANY, 'judge0');
    expect(invalid).toMatchObject({ kind: 'failed', code: 'INVALID_REQUEST' });
  });

  it('starts as many of one client as may wait, half of all, and says when to come again', async () => {
    const few = { ...configuration, jobs: { ...configuration.jobs, maxWaiting: 4 } };
    const narrow = new MemoryJobStore(few.jobs);
    try {
      const full = new InterfaceJobs(
        new Jobs(narrow, new DrainState(), few),
        { interfaceTermsOf: (caller: Caller) => caller } as unknown as Callers,
        { checkSize: () => undefined } as unknown as SandboxService,
        few,
      );
      expect(full.maxWaiting).toBe(4);
      const answers = [];
      for (let n = 0; n < 3; n++) {
        answers.push(await full.tryStart(REQUEST, `${n}`, ANY, 'judge0'));
      }
      expect(answers.slice(0, 2)).toMatchObject([{ note: '0' }, { note: '1' }]);
      expect(answers[2]).toMatchObject({ kind: 'failed', code: 'SANDBOX_BUSY' });
      expect((answers[2] as { retryAfterSeconds?: number }).retryAfterSeconds).toBeGreaterThan(0);
    } finally {
      await narrow.stop();
    }
  });

  it('leaves faults of ours to the filter of errors', async () => {
    const broken = { start: () => Promise.reject(new Error('broken')) };
    const faulty = new InterfaceJobs(
      broken as unknown as Jobs,
      { interfaceTermsOf: (caller: Caller) => caller } as unknown as Callers,
      { checkSize: () => undefined } as unknown as SandboxService,
      configuration,
    );
    await expect(faulty.tryStart(REQUEST, '', ANY, 'judge0')).rejects.toThrow('broken');
  });
});

import { DEFAULT_POLICY_RULES, type ScriptAnalysis } from '@pycell/script-policy';
import type { CheckAnswer, CheckRequest } from './check-messages';
import { ScriptChecker, type CheckWorker } from './script-checker';

class FakeWorker implements CheckWorker {
  readonly asked: CheckRequest[] = [];
  isTerminated = false;
  private listener: (event: MessageEvent<CheckAnswer>) => void = () => undefined;
  private errorListener: (event: Event) => void = () => undefined;

  postMessage(message: CheckRequest): void {
    this.asked.push(message);
  }

  addEventListener(
    type: 'message' | 'error',
    listener: ((event: MessageEvent<CheckAnswer>) => void) & ((event: Event) => void),
  ): void {
    if (type === 'message') this.listener = listener;
    else this.errorListener = listener;
  }

  terminate(): void {
    this.isTerminated = true;
  }

  breakDown(): void {
    this.errorListener(new Event('error', { cancelable: true }));
  }

  answer(id: number, analysis: ScriptAnalysis): void {
    this.listener({ data: { kind: 'analysis', id, analysis, wrapped: null } } as MessageEvent<CheckAnswer>);
  }

  fail(): void {
    this.listener({ data: { kind: 'unavailable', reason: 'no wasm' } } as MessageEvent<CheckAnswer>);
  }

  get scripts(): string[] {
    return this.asked.map((request) => (request.kind === 'check' ? request.script : ''));
  }
}

function analysisOf(...imports: string[]): ScriptAnalysis {
  return { script: '', violations: [], imports, parseError: null, definesMain: true, mainCall: null };
}

describe('ScriptChecker', () => {
  let worker: FakeWorker;
  let checker: ScriptChecker;

  beforeEach(() => {
    worker = new FakeWorker();
    checker = new ScriptChecker(worker);
  });

  it('gives the analysis of the script that was asked about', async () => {
    const check = checker.check('a', DEFAULT_POLICY_RULES, 'function');
    worker.answer(1, analysisOf('json'));
    expect(await check).toMatchObject({ analysis: analysisOf('json'), wrapped: null });
  });

  it('drops the answer that a newer script has made stale', async () => {
    const stale = checker.check('a', DEFAULT_POLICY_RULES, 'function');
    const newest = checker.check('b', DEFAULT_POLICY_RULES, 'function');
    expect(await stale).toBeNull();
    worker.answer(1, analysisOf('stale'));
    worker.answer(2, analysisOf('newest'));
    expect(await newest).toMatchObject({ analysis: analysisOf('newest') });
  });

  it('asks a busy worker about the newest script only', () => {
    void checker.check('a', DEFAULT_POLICY_RULES, 'function');
    void checker.check('b', DEFAULT_POLICY_RULES, 'function');
    void checker.check('c', DEFAULT_POLICY_RULES, 'function');
    expect(worker.scripts).toEqual(['a']);
    worker.answer(1, analysisOf());
    expect(worker.scripts).toEqual(['a', 'c']);
  });

  it('asks again after the worker has caught up', async () => {
    const first = checker.check('a', DEFAULT_POLICY_RULES, 'function');
    worker.answer(1, analysisOf());
    await first;
    void checker.check('b', DEFAULT_POLICY_RULES, 'function');
    expect(worker.scripts).toEqual(['a', 'b']);
  });

  it('gives nothing where the parser could not be loaded', async () => {
    const check = checker.check('a', DEFAULT_POLICY_RULES, 'function');
    worker.fail();
    expect(await check).toBeNull();
    expect(await checker.check('b', DEFAULT_POLICY_RULES, 'function')).toBeNull();
  });

  it.each([
    ['the parser could not be loaded', () => worker.fail()],
    ['the worker itself could not', () => worker.breakDown()],
  ])('says that it is gone, and ends its worker, where %s', async (_what, fail) => {
    fail();
    await checker.gone;
    expect(worker.isTerminated).toBe(true);
    expect(await checker.check('b', DEFAULT_POLICY_RULES, 'function')).toBeNull();
  });
});

import { DEFAULT_LIMITS } from '@pycell/contracts';
import {
  type Client,
  type CompletedExecution,
  ExecutionCancelled,
  ExecutionFailure,
  type ExecutionRequest,
  type SandboxExecutor,
  type SandboxService,
} from '@pycell/sandbox';
import type { Caller } from '../../callers/caller';
import type { Callers } from '../../callers/callers';
import { interfaceTerms } from '../../callers/interface-terms';
import type { ForeignClient } from './foreign-client';
import { InterfaceExecutions } from './interface-executions';
import { REPORT } from './outcome.contract';

const CALLER: Caller = {
  id: '127.0.0.1',
  key: null,
  maxPlaces: null,
  limits: DEFAULT_LIMITS,
  policyRules: { blockedModules: ['os'], blockedNames: [] },
  rate: null,
  version: 0,
};
const COMPLETED: CompletedExecution = {
  resultJson: Buffer.from('1'),
  stdout: 'out',
  stderr: 'err',
  artifacts: [{ name: 'a.png', bytes: Buffer.from('x') }],
  execution: REPORT,
};

let asked: { request: ExecutionRequest; client: Client; facts: unknown }[];
let told: unknown[];
let client: ForeignClient;

function executionsWith(answer: () => Promise<CompletedExecution>): InterfaceExecutions {
  const execute = (request: ExecutionRequest, of: Client, facts?: object): Promise<CompletedExecution> => {
    asked.push({ request, client: of, facts });
    return answer();
  };
  const callers = { interfaceTermsOf: (caller: Caller) => interfaceTerms(caller, undefined) };
  return new InterfaceExecutions(
    { execute } as unknown as SandboxService,
    callers as unknown as Callers,
    {} as SandboxExecutor,
  );
}

beforeEach(() => {
  asked = [];
  told = [];
  client = {
    caller: CALLER,
    signal: new AbortController().signal,
    refused: (code) => told.push(`refused: ${code}`),
    trace: {
      id: 't',
      asked: (mode) => told.push(mode),
      ended: (...end) => told.push(end),
      itemEnded: () => undefined,
    },
  };
});

describe('InterfaceExecutions', () => {
  it('executes by the terms of interfaces, and says for the log and the trace what it was', async () => {
    const executions = executionsWith(() => Promise.resolve(COMPLETED));
    expect(await executions.execute({ script: 'x', mode: 'script' }, client, 'dify')).toEqual({
      kind: 'completed',
      resultJson: Buffer.from('1'),
      stdout: 'out',
      stderr: 'err',
      artifacts: [{ name: 'a.png', contentType: 'image/png', bytes: Buffer.from('x') }],
      execution: REPORT,
    });
    expect(asked).toMatchObject([
      {
        request: { script: 'x', mode: 'script' },
        client: { caller: { id: CALLER.id, policyRules: null, limits: { maxScriptSize: 200_000 } } },
        facts: { interface: 'dify' },
      },
    ]);
    expect(told).toEqual(['script', ['OK', REPORT]]);
  });

  it('makes an outcome of what failed', async () => {
    const failure = new ExecutionFailure('SCRIPT_ERROR', 'why', {
      line: 3,
      traceback: 't',
      stdout: 'so far',
      execution: REPORT,
      cause: 'for the log',
    });
    const executions = executionsWith(() => Promise.reject(failure));
    expect(await executions.execute({ script: 'x', mode: 'function' }, client, 'ragflow')).toEqual({
      kind: 'failed',
      code: 'SCRIPT_ERROR',
      message: 'why',
      line: 3,
      traceback: 't',
      stdout: 'so far',
      stderr: '',
      artifacts: [],
      execution: REPORT,
    });
    expect(told).toEqual(['function', ['SCRIPT_ERROR', REPORT]]);
  });

  it('makes an outcome of what is not asked for rightly, and executes nothing', async () => {
    const executions = executionsWith(() => Promise.resolve(COMPLETED));
    const outcome = await executions.execute(
      { script: 'x', mode: 'script', limits: { timeoutMs: 1e9 } },
      client,
      'piston',
    );
    expect(outcome).toMatchObject({ kind: 'failed', code: 'INVALID_REQUEST' });
    expect(asked).toEqual([]);
    expect(told).toEqual(['script', 'refused: INVALID_REQUEST', ['INVALID_REQUEST', undefined]]);
  });

  it.each([
    ['whose client has gone', new ExecutionCancelled()],
    ['that is a fault of ours', new ExecutionFailure('INTERNAL', 'Internal error')],
    ['that nobody expects', new TypeError('x')],
  ])('leaves one %s to the filter', async (_which, error) => {
    const executions = executionsWith(() => Promise.reject(error));
    await expect(executions.execute({ script: 'x', mode: 'script' }, client, 'dify')).rejects.toBe(error);
  });

  it('tells what a client may ask for', () => {
    const executions = executionsWith(() => Promise.resolve(COMPLETED));
    expect(executions.rangesOf(client).timeoutMs).toEqual({
      min: 1,
      max: DEFAULT_LIMITS.timeoutSeconds * 1000,
    });
    expect(executions.limitsOf(client).maxScriptSize).toBe(200_000);
  });
});

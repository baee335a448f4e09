import { ExecutionFailure, type SandboxExecutor, SandboxService } from '@pycell/sandbox';
import type { Request } from 'express';
import { RequestBodyPipe } from '../bodies/request-body.pipe';
import type { Caller } from '../callers/caller';
import { parseCallbackHost } from '../configuration/callback-options';
import { readConfiguration } from '../configuration/configuration';
import { ExecutionRequestPipe } from '../executions/execution-request.pipe';
import { ErrorAnswers } from '../http/error-answers';
import { FailedRequests } from '../http/failed-requests';
import { ForeignForms } from '../http/foreign-forms';
import { HeldBodies } from '../http/held-bodies';
import { RequestFailure } from '../http/request-failure';
import { CallbackRules } from './callback-rules';
import { NewJobPipe } from './new-job.pipe';

const MIB = 1024 * 1024;

const configuration = readConfiguration({});
const { limits, policyRules } = configuration.sandbox;
const CALLER: Caller = {
  id: 'somebody',
  key: 'a key',
  maxPlaces: 3,
  limits,
  policyRules,
  rate: null,
  version: 0,
};

function makePipe(takesFiles = true): NewJobPipe {
  const held = new HeldBodies(
    new ErrorAnswers(configuration, new ForeignForms()),
    new FailedRequests(),
    configuration,
  );
  const bodies = new RequestBodyPipe(configuration, held);
  // Nothing is judged or run here.
  const executor = { takesFiles } as SandboxExecutor;
  const sandbox = new SandboxService(executor, {} as never, configuration.sandbox);
  const hosts = parseCallbackHost('hooks.example.org');
  return new NewJobPipe(
    bodies,
    new ExecutionRequestPipe(bodies),
    held,
    new CallbackRules(hosts ? [hosts] : []),
    sandbox,
  );
}

function requestOf(body: unknown, idempotencyKey?: string, caller = CALLER): Request {
  const get = (): string | undefined => idempotencyKey;
  return { caller, body, get } as unknown as Request;
}

const bytesOf = (body: object): Buffer => Buffer.from(JSON.stringify(body));

async function codeOf(request: Request, pipe = makePipe()): Promise<string> {
  const fault: unknown = await pipe.transform(request).catch((error: unknown) => error);
  return fault instanceof ExecutionFailure || fault instanceof RequestFailure ? fault.code : 'no failure';
}

describe('NewJobPipe', () => {
  it('makes a job of a request, with the bytes of its body as they came', async () => {
    const body = Buffer.from('{ "script": "def main(): pass", "inputs": {"a": 1.0},\n "stdin": "é" }');
    const before = Buffer.from(body);
    const job = await makePipe().transform(requestOf(body, 'order-66'));
    expect(job).toEqual({
      owner: 'somebody',
      key: 'a key',
      maxPlaces: 3,
      body: before,
      idempotencyKey: 'order-66',
      callbackUrl: null,
    });
    // Reading changes what came; the job has a copy of its own.
    expect(job.body.buffer).not.toBe(body.buffer);
  });

  it('takes no member of its own for granted', async () => {
    const callbackUrl = 'https://hooks.example.org/a';
    const job = await makePipe().transform(requestOf(bytesOf({ script: 'x', callbackUrl })));
    expect(job).toMatchObject({ callbackUrl, idempotencyKey: null });
    const other = bytesOf({ script: 'x', callbackUrl: 'https://other.example.org/' });
    await expect(makePipe().transform(requestOf(other))).rejects.toThrow('Field callbackUrl names the host');
    expect(await codeOf(requestOf(bytesOf({ script: 'x', callbackUrl: 7 })))).toBe('INVALID_REQUEST');
  });

  it.each(['', 'a b', 'ü', 'x'.repeat(256), 'a\u007f'])('refuses the idempotency key %j', async (key) => {
    expect(await codeOf(requestOf(bytesOf({ script: 'x' }), key))).toBe('INVALID_REQUEST');
  });

  it.each([
    ['nothing', undefined],
    ['what is no JSON', Buffer.from('{')],
    ['a member that is none of ours', bytesOf({ script: 'x', priority: 1 })],
    ['more than its caller may ask for', bytesOf({ script: 'x', limits: { timeoutMs: 1e9 } })],
  ])('refuses %s', async (_name, body) => {
    expect(await codeOf(requestOf(body))).toBe('INVALID_REQUEST');
  });

  it('refuses a script, files and stdin that are too large, now and not in the outcome', async () => {
    const long = { script: 'x'.repeat(limits.maxScriptSize + 1) };
    expect(await codeOf(requestOf(bytesOf(long)))).toBe('SCRIPT_TOO_LARGE');
    const text = 'x'.repeat(9 * MIB);
    const files = [{ name: 'a.txt', text }];
    expect(await codeOf(requestOf(bytesOf({ script: 'x', files, stdin: text })))).toBe('PAYLOAD_TOO_LARGE');
    expect(await codeOf(requestOf(bytesOf({ script: 'x', stdin: text + text })))).toBe('PAYLOAD_TOO_LARGE');
    expect(await codeOf(requestOf(bytesOf({ script: 'x', files })))).toBe('no failure');
  });

  it('refuses by what the caller has, where that is less', async () => {
    const caller = { ...CALLER, limits: { ...limits, maxScriptSize: 10 } };
    expect(await codeOf(requestOf(bytesOf({ script: 'x'.repeat(11) }), undefined, caller))).toBe(
      'SCRIPT_TOO_LARGE',
    );
  });

  it('refuses files where nothing would take them', async () => {
    const request = requestOf(bytesOf({ script: 'x', files: [{ name: 'a.txt', text: 'a' }] }));
    expect(await codeOf(request, makePipe(false))).toBe('INVALID_REQUEST');
  });
});

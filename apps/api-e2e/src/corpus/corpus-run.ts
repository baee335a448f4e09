import type { ExecuteAnswer, HttpClient } from '../harness/http-client';
import { resultText, withoutSpaces } from '../harness/result-text';
import type { RunningService } from '../harness/running-service';
import type { CorpusCase, CorpusTheme, ExpectedAnswer, ExpectedFailure, ExpectedResult } from './corpus-case';

/** How many cases are on their way at once: the service's own queue takes the rest. */
const PARALLEL_CASES = 4;

/** Defines one test for each case of the themes, all against one service. */
export function describeThemes(
  themes: readonly CorpusTheme[],
  executor: 'local' | 'cloud' | 'gvisor',
  connect: () => Promise<RunningService>,
): void {
  const answers = new Map<CorpusCase, Promise<ExecuteAnswer>>();
  let server: RunningService;

  beforeAll(async () => {
    server = await connect();
    askAll(
      themes.flatMap((theme) => theme.cases),
      server.client,
      answers,
    );
  });

  afterAll(async () => {
    await Promise.allSettled(answers.values());
    await server.stop();
  });

  describe.each(themes.map((theme) => [theme.theme, theme] as const))('%s', (_theme, theme) => {
    it.each(theme.cases.map((entry) => [entry.name, entry] as const))('%s', async (_case, entry) => {
      expectAnswer(await answers.get(entry), answerOf(entry, executor));
    });
  });
}

function answerOf(entry: CorpusCase, executor: 'local' | 'cloud' | 'gvisor'): ExpectedAnswer {
  const inCloud = executor === 'local' ? undefined : entry.inCloud;
  const insideGvisor = executor === 'gvisor' ? entry.insideGvisor : undefined;
  return (insideGvisor ?? inCloud ?? entry).answer;
}

/** Sends all cases, a few at a time; each test then waits for its own answer. */
function askAll(
  cases: readonly CorpusCase[],
  client: HttpClient,
  answers: Map<CorpusCase, Promise<ExecuteAnswer>>,
): void {
  const lanes: Promise<unknown>[] = Array.from({ length: PARALLEL_CASES }, () => Promise.resolve());
  for (const [index, entry] of cases.entries()) {
    const lane = index % PARALLEL_CASES;
    const answer = Promise.allSettled([lanes[lane]]).then(() =>
      client.execute(entry.script, undefined, entry.request),
    );
    lanes[lane] = answer;
    answers.set(entry, answer);
  }
}

function expectAnswer(answer: ExecuteAnswer | undefined, expected: ExpectedAnswer): void {
  if (answer === undefined) {
    throw new Error('the case was not sent');
  }
  if ('code' in expected) {
    expectFailure(answer, expected);
  } else {
    expectResult(answer, expected);
  }
}

function expectResult(answer: ExecuteAnswer, expected: ExpectedResult): void {
  const { code, error, traceback, stdout, stderr } = answer.body;
  expect({ status: answer.status, code, error, traceback }).toEqual({ status: 200 });
  expect({ result: resultText(answer.text), stdout, stderr }).toEqual({
    result: typeof expected.result === 'string' ? withoutSpaces(expected.result) : matching(expected.result),
    stdout: expected.stdout ?? '',
    stderr: expected.stderr === 'any' ? stderr : (expected.stderr ?? ''),
  });
  expect(contentsOf(answer)).toEqual(contentsExpected(expected) ?? []);
}

function contentsOf({ body }: ExecuteAnswer): [string, string][] | undefined {
  return body.artifacts?.map(({ name, base64, sizeBytes }) => {
    const content = Buffer.from(base64, 'base64');
    expect(sizeBytes).toBe(content.length);
    return [name, content.toString()];
  });
}

function contentsExpected({ artifacts }: ExpectedAnswer): [string, unknown][] | undefined {
  return artifacts?.map(([name, content]) => [name, matching(content)]);
}

function expectFailure(answer: ExecuteAnswer, expected: ExpectedFailure): void {
  const { exitCode, signal } = answer.body;
  // Where a case does not say how it ended, any number will do.
  expect({ exitCode, signal }).toEqual({
    exitCode: expected.exitCode ?? exitCode,
    signal: expected.signal ?? signal,
  });
  expect(contentsOf(answer)).toEqual(contentsExpected(expected));
  const { code, error, line, column, stdout, stderr, traceback, hint } = answer.body;
  if (expected.hint !== undefined) {
    expect(hint).toEqual(expected.hint === null ? undefined : matching(expected.hint));
  }
  expect({ code, error, line, column, stdout, stderr, traceback }).toEqual({
    code: expected.code,
    error: matching(expected.error),
    // The line that was running is told where the run could tell it in time.
    line: expected.code === 'TIMEOUT' && line === undefined ? undefined : expected.line,
    column: expected.column === 'any' ? (expect.any(Number) as unknown) : expected.column,
    stdout: expected.stdout === undefined ? stdout : matching(expected.stdout),
    stderr: expected.stderr === undefined ? stderr : matching(expected.stderr),
    traceback: expected.traceback === undefined ? traceback : matching(expected.traceback),
  });
}

function matching(expected: string | RegExp): unknown {
  return typeof expected === 'string' ? expected : expect.stringMatching(expected);
}

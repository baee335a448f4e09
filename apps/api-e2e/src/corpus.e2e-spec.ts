import { CORPUS } from './corpus';
import type { CorpusCase, CorpusTheme, ExpectedAnswer, ExpectedFailure, ExpectedResult } from './corpus/corpus-case';
import { ApiServer } from './harness/api-server';
import type { ExecuteAnswer } from './harness/http-client';
import { describeEachBuild } from './harness/jail-support';
import { resultText, withoutSpaces } from './harness/result-text';

/** Long enough for `import pandas` on a busy machine; cases that meet a limit have a server of their own. */
const ENVIRONMENT = { SCRIPT_TIMEOUT: '10', LOG_LEVEL: 'error' };

/** How many cases are on their way at once: the service's own queue takes the rest. */
const PARALLEL_CASES = 4;

describeEachBuild('The corpus', (build) => {
  describe.each(CORPUS.map((theme) => [theme.theme, theme] as const))('%s', (_name, theme) => {
    const answers = new Map<CorpusCase, Promise<ExecuteAnswer>>();
    let server: ApiServer;

    beforeAll(async () => {
      server = await ApiServer.start({ ...ENVIRONMENT, ...theme.environment, BUILD: build });
      askAll(theme, server, answers);
    });

    afterAll(async () => {
      await Promise.allSettled(answers.values());
      await server.stop();
    });

    it.each(theme.cases.map((entry) => [entry.name, entry] as const))('%s', async (_caseName, entry) => {
      const answer = await answers.get(entry);
      const expected = build === 'cloud' && entry.inCloud ? entry.inCloud.answer : entry.answer;
      expectAnswer(answer, expected);
    });
  });
});

/** Sends the cases of a theme, a few at a time; each test then waits for its own answer. */
function askAll(theme: CorpusTheme, server: ApiServer, answers: Map<CorpusCase, Promise<ExecuteAnswer>>): void {
  const lanes = Array.from({ length: PARALLEL_CASES }, () => Promise.resolve());
  theme.cases.forEach((entry, index) => {
    const lane = index % PARALLEL_CASES;
    const answer = lanes[lane]?.then(() => server.client.execute(entry.script));
    if (answer) {
      answers.set(entry, answer);
      lanes[lane] = answer.then(
        () => undefined,
        () => undefined,
      );
    }
  });
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
    result: withoutSpaces(expected.result),
    stdout: expected.stdout ?? '',
    stderr: expected.stderr ?? '',
  });
}

function expectFailure(answer: ExecuteAnswer, expected: ExpectedFailure): void {
  const { code, error, line, column, stdout, stderr, traceback } = answer.body;
  const seen = { code, error, line, column, stdout, stderr, traceback };
  const wanted = {
    code: expected.code,
    error: matching(expected.error),
    line: expected.line,
    column: expected.column,
    stdout: expected.stdout === undefined ? stdout : matching(expected.stdout),
    stderr: expected.stderr === undefined ? stderr : matching(expected.stderr),
    traceback: expected.traceback === undefined ? traceback : matching(expected.traceback),
  };
  expect(seen).toEqual(wanted);
}

function matching(expected: string | RegExp): unknown {
  return typeof expected === 'string' ? expected : expect.stringMatching(expected);
}

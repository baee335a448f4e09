import { CORPUS } from './corpus';
import type { CorpusCase, ExpectedAnswer, ExpectedFailure, ExpectedResult } from './corpus/corpus-case';
import { ApiServer, type Environment } from './harness/api-server';
import type { ExecuteAnswer } from './harness/http-client';
import { describeCloud, describeEachBuild } from './harness/jail-support';
import { resultText, withoutSpaces } from './harness/result-text';

/** Roomy, for `import pandas` on a busy machine; themes that meet a limit bring an environment of their own. */
const ROOMY: Environment = { SCRIPT_TIMEOUT: '10' };

/** How many cases are on their way at once: the service's own queue takes the rest. */
const PARALLEL_CASES = 4;

describeEachBuild('The corpus', (build) => describeCorpus(build, {}));
describeCloud('The corpus (BUILD=cloud, JAIL_PER_RUN)', () =>
  describeCorpus('cloud', { JAIL_PER_RUN: 'true' }),
);

function describeCorpus(build: 'local' | 'cloud', more: Environment): void {
  const environments = [...new Set(CORPUS.map((theme) => theme.environment ?? ROOMY))];

  describe.each(environments.map((environment) => [JSON.stringify(environment), environment] as const))(
    'under %s',
    (_name, environment) => {
      const themes = CORPUS.filter((theme) => (theme.environment ?? ROOMY) === environment);
      const cases = themes.flatMap((theme) => theme.cases);
      const answers = new Map<CorpusCase, Promise<ExecuteAnswer>>();
      let server: ApiServer;

      beforeAll(async () => {
        server = await ApiServer.start({ LOG_LEVEL: 'error', ...environment, ...more, BUILD: build });
        askAll(cases, server, answers);
      });

      afterAll(async () => {
        await Promise.allSettled(answers.values());
        await server.stop();
      });

      describe.each(themes.map((theme) => [theme.theme, theme] as const))('%s', (_theme, theme) => {
        it.each(theme.cases.map((entry) => [entry.name, entry] as const))('%s', async (_case, entry) => {
          const expected = build === 'cloud' && entry.inCloud ? entry.inCloud.answer : entry.answer;
          expectAnswer(await answers.get(entry), expected);
        });
      });
    },
  );
}

/** Sends all cases, a few at a time; each test then waits for its own answer. */
function askAll(
  cases: readonly CorpusCase[],
  server: ApiServer,
  answers: Map<CorpusCase, Promise<ExecuteAnswer>>,
): void {
  const lanes: Promise<unknown>[] = Array.from({ length: PARALLEL_CASES }, () => Promise.resolve());
  for (const [index, entry] of cases.entries()) {
    const lane = index % PARALLEL_CASES;
    const answer = Promise.allSettled([lanes[lane]]).then(() => server.client.execute(entry.script));
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
    stderr: expected.stderr ?? '',
  });
}

function expectFailure(answer: ExecuteAnswer, expected: ExpectedFailure): void {
  const { code, error, line, column, stdout, stderr, traceback } = answer.body;
  expect({ code, error, line, column, stdout, stderr, traceback }).toEqual({
    code: expected.code,
    error: matching(expected.error),
    line: expected.line,
    column: expected.column === 'any' ? expect.any(Number) : expected.column,
    stdout: expected.stdout === undefined ? stdout : matching(expected.stdout),
    stderr: expected.stderr === undefined ? stderr : matching(expected.stderr),
    traceback: expected.traceback === undefined ? traceback : matching(expected.traceback),
  });
}

function matching(expected: string | RegExp): unknown {
  return typeof expected === 'string' ? expected : expect.stringMatching(expected);
}

import type { HttpClient } from '../harness/http-client';
import { sampled } from '../harness/sampling';
import { THEMES } from './containment';
import type { ContainmentCase } from './containment-case';

/** Of the hostile scripts so many are sent through each interface. */
const SHARE = 0.25;
const JSON_TYPE = { 'Content-Type': 'application/json' };
const TAG = '<<RESULT>>';

/** Has main() of a script called through an interface of others, and returns what it returned. */
type Call = (client: HttpClient, script: string) => Promise<unknown>;

/** RAGFlow's folder is there for scripts that name it, as functions that these share do: a link to output/, and nothing else. */
const FOLDER = /^(?:\/tmp\/work\/)?artifacts$/;

function withoutFolder(value: unknown): unknown {
  return Array.isArray(value)
    ? value.filter((item) => !(typeof item === 'string' && FOLDER.test(item))).map(withoutFolder)
    : value;
}

/** How each interface is sent a script, and where its answer has the value. */
const CALLS = {
  dify: async (client, script) => {
    const { body, text } = await client.send<{ data: { stdout: string } | null }>({
      method: 'POST',
      path: '/v1/sandbox/run',
      headers: JSON_TYPE,
      body: JSON.stringify({
        language: 'python3',
        code: printing(script),
        preload: '',
        enable_network: true,
      }),
    });
    return between(body.data?.stdout ?? text);
  },
  ragflow: async (client, script) => {
    const { body, text } = await client.send<{ result?: { value: unknown } | null }>({
      method: 'POST',
      path: '/run',
      headers: JSON_TYPE,
      body: JSON.stringify({ code_b64: Buffer.from(script).toString('base64'), arguments: {} }),
    });
    return body.result ? withoutFolder(body.result.value) : text;
  },
  piston: async (client, script) => {
    const { body, text } = await client.send<{ run?: { stdout: string } }>({
      method: 'POST',
      path: '/api/v2/execute',
      headers: JSON_TYPE,
      body: JSON.stringify({ language: 'python', version: '*', files: [{ content: printing(script) }] }),
    });
    return between(body.run?.stdout ?? text);
  },
  judge0: async (client, script) => {
    const { body, text } = await client.send<{ stdout?: string | null }>({
      method: 'POST',
      path: '/submissions?wait=true',
      headers: JSON_TYPE,
      body: JSON.stringify({ source_code: printing(script), language_id: 71 }),
    });
    return between(body.stdout ?? text);
  },
} as const satisfies Readonly<Record<string, Call>>;

export type CalledInterface = keyof typeof CALLS;

/** Where scripts are programs: their value is what they print. */
const RUNS_PROGRAMS: Readonly<Record<CalledInterface, boolean>> = {
  dify: true,
  ragflow: false,
  piston: true,
  judge0: true,
};

/** Defines that hostile scripts which come through interfaces can do no more than those that come to our own API. */
export function describeContainmentThrough(
  client: () => HttpClient,
  names: readonly CalledInterface[],
): void {
  describe.each(names)('%s', (name) => {
    const cases = THEMES.flatMap(({ theme, cases: all }) =>
      sampled(
        all.filter((entry) => canBeSent(entry, name)),
        SHARE,
        `containment through ${name} ${theme}`,
      ),
    );

    it.each(cases.map((entry) => [entry.name, entry] as const))('%s', async (_case, { script, outcome }) => {
      const value = await CALLS[name](client(), script);
      expect('returns' in outcome && { value }).toEqual('returns' in outcome && { value: outcome.returns });
    });

    it('the scripts of this test reach Python, and can do what is no harm', async () => {
      expect(
        await CALLS[name](client(), 'import os\ndef main():\n    return [os.getpid() > 0, 6 * 7]'),
      ).toEqual([true, 42]);
    });
  });
}

/** What needs nothing beside it, and tells by its value what it could do: that is all that each interface brings back. */
function canBeSent(
  { outcome, request, leaves, tookBytes, onlyReturns, isAboutFiles }: ContainmentCase,
  name: CalledInterface,
): boolean {
  // Piston's programs have a line break on their standard input always.
  const finds = name === 'piston' ? isAboutFiles : false;
  const hides = RUNS_PROGRAMS[name] ? onlyReturns : false;
  const needs = request !== undefined || leaves !== undefined || tookBytes !== undefined;
  return 'returns' in outcome && !needs && !finds && !hides;
}

function printing(script: string): string {
  return `${script}\n\nimport json as _json\nprint("${TAG}" + _json.dumps(main(), default=bytes.decode) + "${TAG}")\n`;
}

function between(stdout: string): unknown {
  const found = new RegExp(`${TAG}([^]*)${TAG}`).exec(stdout)?.[1];
  return found === undefined ? stdout : (JSON.parse(found) as unknown);
}

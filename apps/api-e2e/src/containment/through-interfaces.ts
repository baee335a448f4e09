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

/** How each interface is sent a script, and where its answer has the value. */
const CALLS = {
  dify: async (client, script) => {
    const { body, text } = await client.send<{ data: { stdout: string } | null }>({
      method: 'POST',
      path: '/v1/sandbox/run',
      headers: JSON_TYPE,
      body: JSON.stringify({ language: 'python3', code: printing(script), preload: '', enable_network: true }),
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
    return body.result ? body.result.value : text;
  },
} as const satisfies Readonly<Record<string, Call>>;

export type CalledInterface = keyof typeof CALLS;

/** Defines that hostile scripts which come through interfaces can do no more than those that come to our own API. */
export function describeContainmentThrough(
  client: () => HttpClient,
  names: readonly CalledInterface[],
): void {
  describe.each(names)('%s', (name) => {
    const cases = THEMES.flatMap(({ theme, cases: all }) =>
      sampled(all.filter(canBeSent), SHARE, `containment through ${name} ${theme}`),
    );

    it.each(cases.map((entry) => [entry.name, entry] as const))('%s', async (_case, { script, outcome }) => {
      const value = await CALLS[name](client(), script);
      expect('returns' in outcome && { value }).toEqual('returns' in outcome && { value: outcome.returns });
    });

    it('the scripts of this test reach Python, and can do what is no harm', async () => {
      expect(await CALLS[name](client(), 'import os\ndef main():\n    return [os.getpid() > 0, 6 * 7]')).toEqual([
        true,
        42,
      ]);
    });
  });
}

/** What needs nothing beside it, and tells by its value what it could do: that is all that each interface brings back. */
function canBeSent({ outcome, request, leaves, tookBytes }: ContainmentCase): boolean {
  return 'returns' in outcome && request === undefined && leaves === undefined && tookBytes === undefined;
}

function printing(script: string): string {
  return `${script}\n\nimport json as _json\nprint("${TAG}" + _json.dumps(main()) + "${TAG}")\n`;
}

function between(stdout: string): unknown {
  const found = new RegExp(`${TAG}([^]*)${TAG}`).exec(stdout)?.[1];
  return found === undefined ? stdout : (JSON.parse(found) as unknown);
}

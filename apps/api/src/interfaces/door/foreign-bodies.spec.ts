import type { Request } from 'express';
import type { Caller } from '../../callers/caller';
import type { Callers } from '../../callers/callers';
import { readConfiguration } from '../../configuration/configuration';
import type { HeldBodies } from '../../http/held-bodies';
import { BodyBytes, ForeignBodies, IsLargeText, IsListOf, IsUnparsedObject } from './foreign-bodies';

class Fields {
  @IsUnparsedObject()
  readonly inputs?: unknown;
}

class Large {
  @IsLargeText()
  readonly text?: unknown;

  @IsListOf(() => Large)
  readonly list?: unknown;
}

const configuration = readConfiguration({});
const { limits, policyRules } = configuration.sandbox;
const caller: Caller = { id: 'a', key: null, maxPlaces: null, limits, policyRules, rate: null, version: 0 };
const terms = { ...caller, limits: { ...limits, maxScriptSize: 200_000 } };
let more = 0;
const bodies = new ForeignBodies(
  { interfaceTermsOf: () => terms } as unknown as Callers,
  {
    isGone: () => false,
    holdMore: (_request: Request, bytes: number) => (more += bytes),
  } as unknown as HeldBodies,
  configuration,
);
const withBody = (body: unknown): Request =>
  ({ body: typeof body === 'string' ? Buffer.from(body) : body, caller }) as unknown as Request;

describe('ForeignBodies', () => {
  it('reads members, and leaves what is not to be parsed as it came', async () => {
    const read = await bodies.members(
      withBody('{"code":"x","inputs":{"n": 12345678901234567890},"list":[1,2],"flag":true}'),
      Fields,
    );
    expect(read).toEqual({ code: 'x', inputs: expect.any(BodyBytes), list: [], flag: true });
    expect((read['inputs'] as BodyBytes).bytes.toString()).toBe('{"n": 12345678901234567890}');
  });

  it('takes texts of the length that a script may have at an interface, in base64, too', async () => {
    const code = Buffer.alloc(190_000, 'é').toString('base64');
    expect(await bodies.members(withBody(JSON.stringify({ code })), Fields)).toEqual({ code });
    const longer = JSON.stringify({ code: 'x'.repeat(3_300_000) });
    await expect(bodies.members(withBody(longer), Fields)).rejects.toThrow(
      /Field code has 3300000 characters/,
    );
  });

  it('parses any small JSON, and counts what it becomes', async () => {
    more = 0;
    expect(await bodies.value(withBody('[{"a":[1,{}]}]'), Large)).toEqual([{ a: [1, {}] }]);
    expect(more).toBe(3 * 14);
  });

  it.each([
    ['that no field is for', { a: 'é'.repeat(1_000_000), b: 'é'.repeat(1_000_000) }],
    ['that are many', { list: Array<object>(9_000).fill({ other: 'é'.repeat(100) }) }],
    [
      'that are names',
      Object.fromEntries(Array.from({ length: 100 }, (_, n) => ['é'.repeat(9_000) + String(n), n])),
    ],
  ])('counts strings of a large one %s, two bytes a character', async (_which, body) => {
    more = 0;
    const json = JSON.stringify(body);
    await bodies.value(withBody(json), Large);
    expect(more).toBeGreaterThan(2 * 0.9 * json.length);
    expect(more).toBeLessThan(2 * Buffer.byteLength(json));
  });

  it('counts strings of members, too', async () => {
    const code = 'x'.repeat(100_000);
    more = 0;
    await bodies.members(withBody(JSON.stringify({ code })), Fields);
    expect(more).toBeGreaterThan(200_000);
    more = 0;
    await bodies.members(withBody('{"code":"x"}'), Fields);
    expect(more).toBe(3 * 12);
  });

  it('leaves the texts of a large one where they are: next to nothing more is held', async () => {
    more = 0;
    const text = '€\n'.repeat(1024 * 1024);
    const request = withBody(JSON.stringify({ text, list: [{ text: 'a' }, 'b', 1], other: [1], n: 2 }));
    const read = (await bodies.value(request, Large)) as { text: BodyBytes; list: readonly unknown[] };
    expect(read).toEqual({
      text: expect.any(BodyBytes),
      list: [{ text: expect.any(BodyBytes) }, 'b', 1],
      other: [],
      n: 2,
    });
    expect(read.text.bytes.buffer).toBe((request.body as Buffer).buffer);
    expect(read.text.bytes.equals(Buffer.from(text))).toBe(true);
    expect(more).toBeLessThan(100);
  });

  it('reads a large one with others served meanwhile', async () => {
    // Of escapes alone: JSON.parse takes some hundred milliseconds for them in one go.
    const json = `{"text":"${'\\u0041'.repeat(1_600_000)}"}`;
    let served = 0;
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      served++;
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 0);
    const start = performance.now();
    await bodies.value(withBody(json), Large);
    const took = performance.now() - start;
    clearInterval(timer);
    expect(served).toBeGreaterThan(10);
    expect(longest).toBeLessThan(took / 2);
  });

  it('has a bound for the structure of a large one, too', async () => {
    const wide = `{"x":[${'[],'.repeat(30_000)}1]}`;
    await expect(bodies.value(withBody(wide), Large)).rejects.toThrow(
      /more than 20000 lists, objects and members$/,
    );
  });

  it.each([
    ['what ends too early', '{"a":', /not valid JSON/],
    ['an empty body', '', /not valid JSON/],
    ['what is not UTF-8', Buffer.from([0xff]), /not UTF-8/],
    ['no body', undefined, /is missing/],
    ['too many lists', `[${'[],'.repeat(20_001)}1]`, /more than 20000 lists/],
  ])('refuses %s', async (_what, body, message) => {
    await expect(bodies.value(withBody(body), Large)).rejects.toThrow(message);
  });

  it('has members of objects only', async () => {
    await expect(bodies.members(withBody('[1]'), Fields)).rejects.toThrow(/must be a JSON object/);
    await expect(bodies.members(withBody(undefined), Fields)).rejects.toThrow(/is missing/);
  });
});

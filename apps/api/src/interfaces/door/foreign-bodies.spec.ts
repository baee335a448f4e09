import type { Request } from 'express';
import type { Caller } from '../../callers/caller';
import type { Callers } from '../../callers/callers';
import { readConfiguration } from '../../configuration/configuration';
import type { HeldBodies } from '../../http/held-bodies';
import { BodyBytes, ForeignBodies, IsUnparsedObject } from './foreign-bodies';

class Fields {
  @IsUnparsedObject()
  readonly inputs?: unknown;
}

const configuration = readConfiguration({});
const { limits, policyRules } = configuration.sandbox;
const caller: Caller = { id: 'a', key: null, maxPlaces: null, limits, policyRules, rate: null, version: 0 };
const terms = { ...caller, limits: { ...limits, maxScriptSize: 200_000 } };
const bodies = new ForeignBodies(
  { interfaceTermsOf: () => terms } as unknown as Callers,
  { isGone: () => false } as unknown as HeldBodies,
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

  it('parses any JSON', () => {
    expect(bodies.parsed(withBody('[{"a":[1,{}]}]'))).toEqual([{ a: [1, {}] }]);
  });

  it.each([
    ['what ends too early', '{"a":', /not valid JSON/],
    ['an empty body', '', /not valid JSON/],
    ['what is not UTF-8', Buffer.from([0xff]), /not UTF-8/],
    ['no body', undefined, /is missing/],
    ['too many lists', `[${'[],'.repeat(20_001)}1]`, /more than 20000 lists/],
  ])('refuses %s', (_what, body, message) => {
    expect(() => bodies.parsed(withBody(body))).toThrow(message);
  });

  it('has members of objects only', async () => {
    await expect(bodies.members(withBody('[1]'), Fields)).rejects.toThrow(/must be a JSON object/);
    await expect(bodies.members(withBody(undefined), Fields)).rejects.toThrow(/is missing/);
  });
});

import { readConfiguration } from '../configuration/configuration';
import { callerOfKey, problemsOfTerms } from './key-terms';
import { MAX_KEYS, parseKeysFile } from './keys-file';

const HASH = 'a1'.repeat(32);
const OTHER = 'b2'.repeat(32);
const SECRET = 'pycell_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ';
const CLOUD = readConfiguration({ BUILD: 'cloud' }).sandbox;

const fileOf = (...keys: unknown[]): string => JSON.stringify({ keys });
const problemsOf = (text: string): readonly string[] => parseKeysFile(text).problems;

describe('parseKeysFile', () => {
  it('reads a key that has a name and a hash only', () => {
    expect(parseKeysFile(fileOf({ name: 'shop', sha256: [HASH.toUpperCase()] }))).toEqual({
      problems: [],
      entries: [
        {
          name: 'shop',
          sha256: [HASH],
          disabled: false,
          expiresAtMs: null,
          rate: null,
          places: null,
          timeoutMs: null,
          memoryMb: null,
          scriptSize: null,
          policy: null,
        },
      ],
    });
  });

  it('reads everything that a key may have', () => {
    const terms = {
      disabled: true,
      expires: '2027-01-31T01:00:00+01:00',
      rate: { requests: 600, seconds: 60 },
      places: 2,
      timeoutMs: 2000,
      memoryMb: 256,
      scriptSize: 5000,
      policy: { allow: ['open', 'os'] },
    };
    const { entries, problems } = parseKeysFile(fileOf({ name: 'a.b_c-1', sha256: [HASH, OTHER], ...terms }));
    expect(problems).toEqual([]);
    const { expires, ...same } = terms;
    expect(entries[0]).toMatchObject({ ...same, expiresAtMs: Date.parse(expires) });
  });

  it('takes a file without keys, and one with a byte order mark', () => {
    expect(parseKeysFile('\uFEFF{"keys": []}')).toEqual({ entries: [], problems: [] });
  });

  it.each([
    ['', 'it is not JSON, it is empty: {"keys": []} is a file without keys'],
    ['{"keys": [\n{"name": "a",}\n]}', 'it is not JSON: line 2'],
    ['[]', 'expected an object with the field "keys", a list: {"keys": []}'],
    ['{"keys": {}}', 'expected an object with the field "keys", a list: {"keys": []}'],
    ['{"keys": [], "version": 1}', 'it has the unknown field "version", expected "keys" and nothing else'],
    [
      fileOf(...Array<unknown>(MAX_KEYS + 1).fill(null)),
      `it has ${MAX_KEYS + 1} keys, expected at most ${MAX_KEYS}`,
    ],
  ])('refuses %j', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it.each([
    [null, 'key 1: it is null, expected an object with "name" and "sha256"'],
    [{ name: undefined }, 'key 1: name is missing, expected 1 to 40 letters, digits, ".", "_" or "-"'],
    [{ name: '' }, 'key 1: name is a text of 0 characters, expected 1 to 40 letters'],
    [{ name: 'two words' }, 'key 1: name is a text of 9 characters, expected 1 to 40 letters'],
    [{ sha256: HASH }, 'key "shop": sha256 is a text of 64 characters, expected a list of 1 to 8 texts'],
    [{ sha256: [] }, 'key "shop": sha256 is a list of 0, expected a list of 1 to 8'],
    [
      { sha256: [HASH, 'xyz'] },
      'key "shop": sha256[1] is a text of 3 characters, expected 64 hexadecimal digits',
    ],
    [{ sha256: [HASH, HASH] }, 'key "shop": sha256[1] is there twice, expected another for each'],
    [{ disabled: 'yes' }, 'key "shop": disabled is a text of 3 characters, expected true or false'],
    [
      { expires: '2027-01-31' },
      'key "shop": expires is a text of 10 characters, expected a time with its zone',
    ],
    [{ expires: '2027-02-30T00:00:00Z' }, 'key "shop": expires is'],
    [{ expires: 1801353600 }, 'key "shop": expires is 1801353600, expected a time with its zone'],
    [{ rate: 600 }, 'key "shop": rate is 600, expected an object such as {"requests": 600, "seconds": 60}'],
    [
      { rate: { requests: 600 } },
      'key "shop": rate.seconds is missing, expected a whole number from 1 to 86400',
    ],
    [
      { rate: { requests: 1, seconds: 1, burst: 2 } },
      'key "shop": it has the unknown field "burst" in rate, expected requests, seconds',
    ],
    [{ places: 0 }, 'key "shop": places is 0, expected a whole number from 1 to 1024'],
    [{ timeoutMs: 0.5 }, 'key "shop": timeoutMs is 0.5, expected a whole number from 1 to 3600000'],
    [{ memoryMb: 8 }, 'key "shop": memoryMb is 8, expected a whole number from 16 to 32768'],
    [{ scriptSize: -1 }, 'key "shop": scriptSize is -1, expected a whole number'],
    [{ policy: 'of' }, 'key "shop": policy is a text of 2 characters, expected "enforce", "off" or'],
    [{ policy: {} }, 'key "shop": policy.allow is missing, expected a list of names'],
    [
      { policy: { allow: ['os', 'opne'] } },
      'key "shop": policy.allow[1] is a text of 4 characters, expected a name',
    ],
    [{ timeout: 5 }, 'key "shop": it has the unknown field "timeout", expected name, sha256, disabled'],
  ])('says what is wrong with %j', (fields, problem) => {
    const key = fields && { name: 'shop', sha256: [HASH], ...fields };
    expect(problemsOf(fileOf(key)).join('\n')).toContain(problem);
  });

  it('refuses two keys of a name, and a hash that two keys have', () => {
    const text = fileOf(
      { name: 'a', sha256: [HASH] },
      { name: 'b', sha256: [OTHER, HASH] },
      { name: 'a', sha256: [OTHER] },
    );
    expect(problemsOf(text)).toEqual([
      'key "b": sha256[1] is there under "a", too, expected another for each',
      'key "a": there are two of this name, expected one',
      'key "a": sha256[0] is there under "b", too, expected another for each',
    ]);
  });

  it('tells all problems at once', () => {
    expect(
      problemsOf(fileOf({ name: 'a', sha256: [HASH], places: 0, timeoutMs: 0 }, { name: 1 })),
    ).toHaveLength(4);
  });

  it.each([
    fileOf({ name: SECRET, sha256: [HASH] }),
    fileOf({ name: HASH, sha256: [HASH] }),
    fileOf({ name: 'a', sha256: [SECRET] }),
    fileOf({ name: 'a', sha256: `${HASH}0` }),
    fileOf({
      name: 'a',
      sha256: [`${HASH}0`],
      [HASH]: 1,
      [SECRET]: 2,
      policy: SECRET,
      expires: SECRET,
      rate: HASH,
    }),
    fileOf({ name: 'a', sha256: [HASH], policy: { allow: [SECRET], [HASH]: 1 } }),
    `{"keys": [{"name": "a", "sha256": ["${HASH}" "${SECRET}"]}]}`,
    SECRET,
    `{"${HASH}": 1, "keys": []}`,
  ])('has neither keys nor hashes in what it says: %#', (text) => {
    const told = problemsOf(text).join('\n');
    expect(told).not.toBe('');
    expect(told).not.toContain(SECRET.slice(0, 20));
    expect(told).not.toContain(HASH.slice(0, 20));
  });
});

describe('The terms of a key', () => {
  const entriesOf = (fields: object) =>
    parseKeysFile(fileOf({ name: 'shop', sha256: [HASH], ...fields })).entries;
  const callerWith = (fields: object, service = CLOUD) =>
    entriesOf(fields).map((entry) => callerOfKey(entry, service, 1))[0];

  it("are the service's where the key says nothing", () => {
    const { limits, policyRules } = CLOUD;
    expect(callerWith({})).toEqual({
      id: 'key:shop',
      key: 'shop',
      maxPlaces: null,
      limits,
      policyRules,
      rate: null,
      version: 1,
    });
  });

  it("are the key's, and leave /tmp half of its memory", () => {
    const caller = callerWith({
      places: 1,
      timeoutMs: 250,
      memoryMb: 20,
      scriptSize: 9,
      rate: { requests: 1, seconds: 2 },
    });
    expect(caller).toMatchObject({ maxPlaces: 1, rate: { requests: 1, seconds: 2 } });
    expect(caller?.limits).toEqual({
      ...CLOUD.limits,
      timeoutSeconds: 0.25,
      memoryLimitMb: 20,
      maxScriptSize: 9,
      tmpSizeMb: 10,
    });
  });

  it("have the key's policy in place of the service's", () => {
    const service = readConfiguration({ BUILD: 'cloud', SCRIPT_POLICY_ALLOW: 'os' }).sandbox;
    expect(callerWith({ policy: 'off' }, service)?.policyRules).toBeNull();
    expect(callerWith({ policy: 'enforce' }, service)?.policyRules?.blockedModules).toContain('os');
    expect(callerWith({ policy: { allow: ['open'] } }, service)?.policyRules?.blockedNames).not.toContain(
      'open',
    );
  });

  it.each([
    [
      { timeoutMs: 10_001 },
      'key "shop": timeoutMs is 10001, expected at most 10000, which is SCRIPT_TIMEOUT',
    ],
    [{ memoryMb: 513 }, 'key "shop": memoryMb is 513, expected at most 512, which is MEMORY_LIMIT_MB'],
    [
      { scriptSize: 10_001 },
      'key "shop": scriptSize is 10001, expected at most 10000, which is MAX_SCRIPT_SIZE',
    ],
  ])('are refused where they are more than the service has: %j', (fields, problem) => {
    expect(problemsOfTerms(entriesOf(fields), CLOUD)).toEqual([problem]);
  });

  it('keep the policy where there is no jail', () => {
    const local = readConfiguration({}).sandbox;
    expect(problemsOfTerms(entriesOf({ policy: 'off' }), local)).toEqual([
      'key "shop": policy is "off", expected "enforce" with BUILD=local: there is no jail behind it',
    ]);
    expect(problemsOfTerms(entriesOf({ policy: { allow: ['os'] } }), local)).toEqual([]);
  });
});

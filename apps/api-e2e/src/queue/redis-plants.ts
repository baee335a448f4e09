import type { RedisServer } from '../harness/redis-server';

/** Where BullMQ keeps the line. */
export const LINE = 'pycell:bull:pycell-executions';
export const MIB = 1024 * 1024;
/** What a script must not have left: where it is found in an answer, a line was begun by whoever wrote to Redis. */
export const INJECTED = 'event: injected';

/** What whoever can write to Redis does to an execution that has ended, or to what belongs to none. */
export type Plant = (redis: RedisServer, id: string) => void;

export const record = (id: string): string => `pycell:job:${id}`;
const set = (...fields: readonly string[]): Plant => {
  return (redis, id) => redis.command('HSET', record(id), ...fields);
};
/** Sets a field of a hash to so many characters. */
const huge = (suffix: string, field: string, bytes: number): Plant => {
  return (redis, id) =>
    redis.command(
      'EVAL',
      "return redis.call('HSET', KEYS[1], ARGV[1], string.rep('x', ARGV[2]))",
      '1',
      record(id) + suffix,
      field,
      String(bytes),
    );
};
const outcome = (...fields: readonly string[]): Plant => {
  return (redis, id) => redis.command('HSET', `${record(id)}:outcome`, ...fields);
};
const replaced = (suffix: string): Plant => {
  return (redis, id) => {
    redis.command('DEL', record(id) + suffix);
    redis.command('SET', record(id) + suffix, 'a string');
  };
};

const LINES = `{"execution":{}}\n\n${INJECTED}\ndata: {}\n\n`;

/** Each is done to an execution that has ended. Whatever is asked of it then must be answered in order. */
export const BROKEN: Readonly<Record<string, Plant>> = {
  'a record that is a string': replaced(''),
  'a status that is none': set('status', 'nonsense'),
  'a status with line breaks': set('status', `succeeded\r\nX-Injected: 1\n\n${INJECTED}`),
  'times that are none': set('created', 'x', 'ended', '-1', 'expires', 'NaN'),
  'times that no date has': set(
    'created',
    '9e99',
    'started',
    '99999999999999999',
    'ended',
    '8640000000000001',
  ),
  'a status of HTTP that is none': set('http', '99999'),
  'an owner with line breaks': set('owner', `x\r\n${INJECTED}`),
  'an owner of 32 MiB': huge('', 'owner', 32 * MIB),
  'a million fields': (redis, id) =>
    redis.command('EVAL', "for n = 1, 1000000 do redis.call('HSET', KEYS[1], n, n) end", '1', record(id)),
  'an outcome that is a string': replaced(':outcome'),
  'an outcome with line breaks in its facts': outcome('facts', LINES),
  'an outcome with line breaks in its output': outcome('output', LINES),
  'an outcome with line breaks in its result': outcome('result', `1\n\n${INJECTED}\n\n`),
  'an outcome whose parts are no JSON': outcome('facts', '{', 'output', '"}', 'result', ']'),
  'an outcome whose parts close the body around them': outcome('result', '1},"injected":{"x":1'),
  'an outcome with a nesting of 100,000': (redis, id) =>
    redis.command(
      'EVAL',
      "return redis.call('HSET', KEYS[1], 'result', string.rep('[', 100000) .. string.rep(']', 100000))",
      '1',
      `${record(id)}:outcome`,
    ),
  'an outcome of 64 MiB': huge(':outcome', 'result', 64 * MIB),
  'an outcome with a billion artifacts': outcome('artifacts', '1000000000'),
  'events that are a string': replaced(':events'),
  'events with line breaks': (redis, id) =>
    redis.command(
      'RPUSH',
      `${record(id)}:events`,
      `o${INJECTED}\n\n${INJECTED}\n\n`,
      'x',
      '',
      `\n${INJECTED}`,
    ),
  'an event of 64 MiB': (redis, id) =>
    redis.command(
      'EVAL',
      "return redis.call('RPUSH', KEYS[1], 'o' .. string.rep('x', 67108864))",
      '1',
      `${record(id)}:events`,
    ),
  'everything gone but its record': (redis, id) =>
    redis.command('DEL', `${record(id)}:outcome`, `${record(id)}:events`),
};

/** Each is done to what all executions share. The keys are taken away again, as whoever repairs a Redis would. */
export const SHARED: Readonly<
  Record<string, { readonly plant: (redis: RedisServer) => void; readonly keys: string[] }>
> = {
  'totals that are a string': {
    plant: (redis) =>
      redis.command(
        'EVAL',
        "redis.call('DEL', KEYS[1]) redis.call('SET', KEYS[1], 'x')",
        '1',
        'pycell:jobs:totals',
      ),
    keys: ['pycell:jobs:totals'],
  },
  'totals that are no numbers': {
    plant: (redis) =>
      redis.command(
        'HSET',
        'pycell:jobs:totals',
        'bytes',
        'x',
        'time',
        '1e400',
        'kept',
        '-5',
        'epoch',
        'nan',
        'base',
        '99999999999999999999',
      ),
    keys: ['pycell:jobs:totals'],
  },
  'running ones that never were': {
    plant: (redis) =>
      redis.command(
        'ZADD',
        'pycell:jobs:running',
        '0',
        'x',
        '0',
        'f'.repeat(32),
        '1e300',
        '\r\n',
        '-inf',
        '',
      ),
    keys: ['pycell:jobs:running'],
  },
  'ten thousand that wait and never were': {
    plant: (redis) =>
      redis.command(
        'EVAL',
        "for n = 1, 10000 do redis.call('ZADD', KEYS[1], 0, string.format('%032x', n)) end",
        '1',
        'pycell:jobs:waiting',
      ),
    keys: ['pycell:jobs:waiting'],
  },
  'places in the line for what never was': {
    plant: (redis) => {
      for (const id of ['x', 'f'.repeat(32), '../../x', 'a'.repeat(100_000), '__proto__']) {
        redis.command(
          'HSET',
          `${LINE}:${id}`,
          'name',
          'x',
          'data',
          'no JSON',
          'opts',
          '{',
          'timestamp',
          'x',
          'priority',
          '1',
        );
        redis.command('ZADD', `${LINE}:prioritized`, '1', id);
      }
      redis.command('ZADD', `${LINE}:marker`, '0', '0');
    },
    keys: [`${LINE}:prioritized`],
  },
  'messages of 8 MiB': {
    plant: (redis) =>
      redis.command(
        'EVAL',
        "for _, name in ipairs(KEYS) do redis.call('PUBLISH', name, string.rep('x', 8388608)) end",
        '3',
        'pycell:jobs:wake',
        'pycell:jobs:changed:x',
        'pycell:jobs:changed:',
      ),
    keys: [],
  },
  'nothing any more': { plant: (redis) => redis.command('FLUSHALL'), keys: [] },
};

/** Looks through everything that a Redis keeps, knowing nothing of what it means. */

const LISTS_OF_BULLMQ = ['wait', 'active', 'paused'];
const SETS_OF_BULLMQ = ['prioritized', 'delayed', 'completed', 'failed', 'waiting-children'];
const COMMANDS = {
  string: (key) => ['GET', key],
  hash: (key) => ['HGETALL', key],
  list: (key) => ['LRANGE', key, '0', '-1'],
  set: (key) => ['SMEMBERS', key],
  zset: (key) => ['ZRANGE', key, '0', '-1'],
  stream: (key) => ['XRANGE', key, '-', '+'],
};

export function keysIn(redis) {
  return redis
    .command('KEYS', '*')
    .split('\n')
    .filter((key) => key !== '');
}

/**
 * Everything that is kept, as text: names and values. By one script, since a command for each key would take minutes.
 * @returns {string}
 */
export function everythingIn(redis) {
  const reads = Object.entries(COMMANDS).map(([type, command]) => {
    const words = command('KEY').map((word) => (word === 'KEY' ? 'key' : `'${word}'`));
    return `${type} = function(key) return redis.call(${words.join(', ')}) end`;
  });
  const script = `
    local read = { ${reads.join(', ')} }
    local function flat(value) if type(value) ~= 'table' then return tostring(value) end
      local parts = {} for index, one in ipairs(value) do parts[index] = flat(one) end return table.concat(parts, ' ') end
    local all = {}
    for _, key in ipairs(redis.call('KEYS', '*')) do
      local look = read[redis.call('TYPE', key).ok]
      all[#all + 1] = key .. ' ' .. (look and flat(look(key)) or '?')
    end
    return table.concat(all, '\\n')`;
  return redis.command('EVAL', script, '0');
}

/** What BullMQ still has in one of its queues, in words: places in lists, and records of jobs. */
export function leftInLine(redis, prefix = 'pycell:bull:pycell-executions') {
  const lists = LISTS_OF_BULLMQ.map((name) => [name, Number(redis.command('LLEN', `${prefix}:${name}`))]);
  const sets = SETS_OF_BULLMQ.map((name) => [name, Number(redis.command('ZCARD', `${prefix}:${name}`))]);
  const jobs = keysIn(redis).filter((key) => /^[0-9a-f]{32}(:lock)?$/.test(key.slice(prefix.length + 1)));
  const own = jobs.filter((key) => key.startsWith(`${prefix}:`));
  return [
    ...[...lists, ...sets].flatMap(([name, count]) => (count === 0 ? [] : [`${name}: ${count}`])),
    ...(own.length === 0 ? [] : [`${own.length} jobs, such as ${own[0]}`]),
  ];
}

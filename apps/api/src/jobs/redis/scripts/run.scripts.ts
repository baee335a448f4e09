import { KEYS, script } from './prelude';

/**
 * BEGIN. Fenced: the first attempt that asks while the execution waits is let begin, and no other ever; the same one is told
 * so again, since its answer may have been lost. It has a lease from now on, and waits no more: nothing counts it or keeps its body.
 * Moves virtual time on.
 *
 * ARGV: id, attempt, milliseconds of the lease. Returns 1 or 0.
 */
export const BEGIN = script(
  `
local id, attempt, lease = unpack(ARGV)
local record = read(id)
if not record then return 0 end
local now = clock()
if record.status == 'running' and record.attempt == attempt then
  call('ZADD', RUNNING, now + lease, id)
  return 1
end
if record.status ~= 'queued' then return 0 end
look(id, record)
local all = totals()
call('HSET', jobKey(id), 'status', 'running', 'started', whole(now), 'attempt', attempt, 'held', '')
call('ZADD', RUNNING, now + lease, id)
call('PEXPIRE', RUNNING, NET)
if record.held == '1' then
  call('LREM', ownerKey(record.home) .. ':held', 1, id)
  call('SADD', ownerKey(record.home) .. ':open', id)
end
leaveLine(id, record, all)
all.begun = all.begun + 1
if now - all.since > 10000 then
  all.pace = math.floor(all.begun * 1000000 / max(now - all.since, 1))
  all.begun, all.since = 0, now
end
call('HSET', TOTALS, 'time', whole(max(all.time, num(record.tag))), 'begun', whole(all.begun),
  'since', whole(all.since), 'pace', whole(all.pace))
call('PUBLISH', '${KEYS.changed}' .. id, 'begun')
return 1
`,
  true,
);

/**
 * RENEW. Prolongs the lease of who holds it, and tells what there is of the execution: \`mine\`, \`queued\`, or \`gone\` for
 * every other, upon which the attempt has nothing to do with it any more.
 *
 * What this attempt has begun and waits here was begun in a Redis that has come back as it was before: it runs, its body goes, and
 * nobody is let begin it again: \`back\`.
 *
 * ARGV: id, attempt, milliseconds of the lease, how many milliseconds ago it was begun, or nothing.
 */
export const RENEW = script(
  `
local id, attempt, lease, begun = unpack(ARGV)
local record = read(id)
if record and record.status == 'queued' then
  if begun == '' then return 'queued' end
  look(id, record)
  local now = clock()
  local base = ownerKey(record.home)
  call('HSET', jobKey(id), 'status', 'running', 'started', whole(max(now - num(begun), num(record.created))),
    'attempt', attempt, 'held', '')
  call('ZADD', RUNNING, now + lease, id)
  call('PEXPIRE', RUNNING, NET)
  if record.held == '1' then call('LREM', base .. ':held', 1, id) end
  call('SADD', base .. ':open', id)
  call('PEXPIRE', base .. ':open', NET)
  leaveLine(id, record, totals())
  call('PUBLISH', '${KEYS.changed}' .. id, 'begun')
  return 'back'
end
if not record or record.status ~= 'running' or record.attempt ~= attempt then return 'gone' end
call('ZADD', RUNNING, clock() + lease, id)
return 'mine'
`,
  true,
);

/**
 * TELL. Appends events of who holds the execution, up to a bound in bytes. \`from\` is how many it had told before: what is there
 * already is not told twice, and where another number is there nothing is told any more.
 *
 * ARGV: id, attempt, from, bytes at most, events. Returns 1, or 0 where it has ended otherwise or is full.
 */
export const TELL = script(
  `
local id, attempt, from, most = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local record = read(id)
if not record or record.status ~= 'running' or record.attempt ~= attempt then return 0 end
local key = jobKey(id) .. '${KEYS.events}'
local there = call('LLEN', key)
local count = #ARGV - 4
if there == from + count then return 1 end
if there ~= from then return 0 end
local bytes = num(record.told)
for index = 5, #ARGV do bytes = bytes + #ARGV[index] end
if bytes > most then return 0 end
call('RPUSH', key, unpack(ARGV, 5))
call('PEXPIRE', key, NET)
call('HSET', jobKey(id), 'told', whole(bytes))
call('PUBLISH', '${KEYS.changed}' .. id, 'told')
return 1
`,
  true,
);

/**
 * END. By who holds it only, and once: asked again after a lost answer it is told so again. What nobody has begun is ended by
 * whoever has taken it, and found that it will never begin. Record, outcome, place and callback
 * change in this one step; the bytes that are kept stay within their bound.
 *
 * ARGV: id, attempt, status, HTTP status, milliseconds to keep it, bytes to keep, fields and values of the outcome.
 * Returns 1 or 0, and what is let into the line.
 */
export const END = script(
  `
local id, attempt, status, http, ttl, maxKept = unpack(ARGV, 1, 6)
local record = read(id)
if not record then return {0, {}} end
local isMine = record.attempt == attempt
if isMine and record.status == status and record.http == http then return {1, {}} end
if record.status ~= 'queued' and not (isMine and record.status == 'running') then return {0, {}} end
local all = totals()
look(id, record)
local key = jobKey(id) .. '${KEYS.outcome}'
call('UNLINK', key)
call('HSET', jobKey(id), 'attempt', attempt)
local bytes = 0
for index = 7, #ARGV, 2 do
  call('HSET', key, ARGV[index], ARGV[index + 1])
  bytes = bytes + #ARGV[index + 1]
end
return {1, settle(id, record, all, clock(), status, http, bytes, tonumber(ttl), tonumber(maxKept))}
`,
  true,
);

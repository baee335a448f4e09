import { KEYS, LINE_NAME, LINE_PREFIX, script } from './prelude';

/**
 * CANCEL. Ends what has not ended, and leaves what has.
 *
 * ARGV: id, milliseconds to keep it, bytes to keep. Returns the record or nil, whether it waited, and what is let into the line.
 */
export const CANCEL = script(
  `
local id, ttl, maxKept = unpack(ARGV)
local record = read(id)
if not record then return nil end
if hasEnded(record) then return {told(id, record), 0, {}} end
local waited = record.status == 'queued' and 1 or 0
look(id, record)
local released = settle(id, record, totals(), clock(), 'cancelled', '', 0, tonumber(ttl), tonumber(maxKept))
return {told(id, record), waited, released}
`,
  true,
);

/**
 * SWEEP. A bounded number of each: what is to be forgotten; what has begun and whose lease is over, which ends as failed; what waits and is
 * not in the line, or at another place than its own, which is returned; what is held though there is room.
 *
 * Keys that are none of ours by their type are removed, so that nothing that somebody has written stops this for good.
 *
 * Leases are not looked at where more time has passed by Redis's clock since the last sweep of this process than should
 * have: then Redis did not answer in between, and whoever holds leases could not renew them either.
 *
 * ARGV: most of each, whether leases may be ended, Redis's time at the last sweep, milliseconds for which that is one,
 * milliseconds after which what waits is looked for, milliseconds to keep, bytes to keep, the outcome of what is lost: HTTP status, facts, output.
 * Returns Redis's time, ids and priorities for the line, ids whose lease was over.
 */
export const SWEEP = script(
  `
local most, leases, last, gap, patience, ttl, maxKept = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]),
  tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local http, facts, output = ARGV[8], ARGV[9], ARGV[10]
local now = clock()
heal(TOTALS, 'hash')
for _, key in ipairs({WAITING, RUNNING, EXPIRY, KEPT, CALLBACKS}) do heal(key, 'zset') end
local function healOwner(home)
  local base = ownerKey(home)
  heal(base, 'hash') heal(base .. ':open', 'set') heal(base .. ':held', 'list') heal(base .. ':ended', 'zset')
end
local all = totals()
local line, lost = {}, {}
local function add(ids) for _, value in ipairs(ids) do line[#line + 1] = value end end

for _, id in ipairs(call('ZRANGEBYSCORE', EXPIRY, '-inf', now, 'LIMIT', 0, most)) do forget(id, '', all) end

if leases == '1' and now - last <= gap then
  for _, id in ipairs(call('ZRANGEBYSCORE', RUNNING, '-inf', now, 'LIMIT', 0, most)) do
    local record = read(id)
    if record and record.status == 'running' then
      healOwner(record.home)
      heal(jobKey(id) .. '${KEYS.events}', 'list')
      look(id, record)
      -- So that its attempt is not taken for who ended it.
      call('HSET', jobKey(id), 'attempt', '')
      local key = jobKey(id) .. '${KEYS.outcome}'
      call('UNLINK', key)
      call('HSET', key, 'facts', facts, 'output', output, 'artifacts', '0')
      add(settle(id, record, all, now, 'failed', http, #facts + #output, ttl, maxKept))
      lost[#lost + 1] = id
    else
      call('ZREM', RUNNING, id)
    end
  end
end

if all.time - all.base > 2^20 then
  all.base = all.time
  call('HSET', TOTALS, 'base', whole(all.base))
end

for _, id in ipairs(call('ZRANGEBYSCORE', WAITING, '-inf', now - patience, 'LIMIT', 0, most)) do
  local record = read(id)
  if not record or record.status ~= 'queued' then
    call('ZREM', WAITING, id)
  else
    call('ZADD', WAITING, now, id)
    if record.held == '1' then
      -- Those of its owner that are open and are none any more would hold it for ever.
      local base = ownerKey(record.home)
      healOwner(record.home)
      for _, open in ipairs(call('SRANDMEMBER', base .. ':open', 10)) do
        local other = read(open)
        if not other or hasEnded(other) then call('SREM', base .. ':open', open) end
      end
      add(release(record.home, record.places, all, now))
    else
      local wanted = whole(priority(num(record.tag), all))
      local entry = redis.pcall('HGET', '${LINE_PREFIX}:${LINE_NAME}:' .. id, 'priority')
      if entry ~= wanted then
        line[#line + 1] = id
        line[#line + 1] = wanted
      end
    end
  end
end
return {whole(now), line, lost}
`,
  true,
);

/** FIND. The record, nil where there is none or its time is over. ARGV: id. */
export const FIND = script(
  `
local record = read(ARGV[1])
if not record or isOver(record) then return nil end
return told(ARGV[1], record)
`,
  true,
);

/** LOAD. What a worker needs of what waits: owner, key, body. Nil of what does not wait, or has no body of ours. ARGV: id, bytes at most. */
export const LOAD = script(
  `
local record = read(ARGV[1])
if not record or record.status ~= 'queued' then return nil end
local key = jobKey(ARGV[1]) .. '${KEYS.body}'
local size = call('STRLEN', key)
if size == 0 or size > tonumber(ARGV[2]) then return {record.owner, record.key, false} end
return {record.owner, record.key, call('GET', key)}
`,
  true,
);

/** OUTCOME. HTTP status, and fields and values; nil where there is none, or it is larger than any of ours. ARGV: id, bytes at most, fields at most. */
export const OUTCOME = script(
  `
local record = read(ARGV[1])
if not record or not hasEnded(record) or isOver(record) then return nil end
local key = jobKey(ARGV[1]) .. '${KEYS.outcome}'
if call('HLEN', key) == 0 then return nil end
if call('HLEN', key) > tonumber(ARGV[3]) then return {'too much'} end
local bytes = 0
for _, field in ipairs(call('HKEYS', key)) do bytes = bytes + #field + call('HSTRLEN', key, field) end
if bytes > tonumber(ARGV[2]) then return {'too much'} end
return {record.http, call('HGETALL', key)}
`,
  true,
);

/** EVENTS. How many there are, and those from an index on, as many as a number of bytes holds, but one at least. ARGV: id, index, bytes at most, and of one. */
export const EVENTS = script(
  `
local record = read(ARGV[1])
if not record or isOver(record) then return {0, {}} end
local count = call('LLEN', jobKey(ARGV[1]) .. '${KEYS.events}')
local events, bytes = {}, 0
for index = tonumber(ARGV[2]), tonumber(ARGV[2]) + 199 do
  local event = call('LINDEX', jobKey(ARGV[1]) .. '${KEYS.events}', index)
  if not event then break end
  bytes = bytes + #event
  if #events > 0 and bytes > tonumber(ARGV[3]) then break end
  if #event > tonumber(ARGV[4]) then event = '' end
  events[#events + 1] = event
end
return {count, events}
`,
  true,
);

/** COUNTS. Waiting, running, bytes that wait, bytes that are kept. */
export const COUNTS = script(
  `
local all = totals()
local waiting = call('ZCARD', WAITING)
return {waiting, call('ZCARD', RUNNING), whole(waiting == 0 and 0 or all.bytes), whole(all.kept)}
`,
  true,
);

/** PENDING. Ends that are to be told, behind one or from the oldest on. ARGV: how many at most, time and id of the one, or nothing. */
export const PENDING = script(
  `
local found = {}
local from = ARGV[2] == '' and '-inf' or ARGV[2]
local ends = call('ZRANGEBYSCORE', CALLBACKS, from, '+inf', 'WITHSCORES', 'LIMIT', 0, tonumber(ARGV[1]) + 1000)
for index = 1, #ends, 2 do
  local id, ended = ends[index], ends[index + 1]
  local isBehind = ARGV[2] == '' or tonumber(ended) > tonumber(ARGV[2]) or id > ARGV[3]
  local record = isBehind and read(id)
  if record then found[#found + 1] = {id, record.owner, record.key, record.callback, ended} end
  if #found >= tonumber(ARGV[1]) then break end
end
return found
`,
  true,
);

/** FIND_PENDING. The same of one; nil where it is not to be told. ARGV: id. */
export const FIND_PENDING = script(
  `
local ended = call('ZSCORE', CALLBACKS, ARGV[1])
local record = ended and read(ARGV[1])
if not record then return nil end
return {ARGV[1], record.owner, record.key, record.callback, ended}
`,
  true,
);

/** SETTLED. One is to be told no more. ARGV: id. */
export const SETTLED = script(`return call('ZREM', CALLBACKS, ARGV[1])`, true);

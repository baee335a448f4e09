import { KEYS, script } from './prelude';

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

/** FIND. The record, nil where there is none or its time is over. ARGV: id. */
export const FIND = script(
  `
local record = read(ARGV[1])
if not record or isOver(record) then return nil end
return told(ARGV[1], record)
`,
  true,
);

/**
 * LOAD. What a worker needs of what waits: owner, key, body, which is false where it is none of ours: too long, of another type, or
 * of names that are longer than any. Nil of what does not wait.
 *
 * ARGV: id, bytes at most, the longest name.
 */
export const LOAD = script(
  `
local record = read(ARGV[1])
if not record or record.status ~= 'queued' then return nil end
local key = jobKey(ARGV[1]) .. '${KEYS.body}'
local longest = tonumber(ARGV[3])
if #record.owner > longest or #record.key > longest then return {string.sub(record.owner, 1, longest), '', false} end
local size = redis.pcall('STRLEN', key)
if type(size) ~= 'number' or size == 0 or size > tonumber(ARGV[2]) then return {record.owner, record.key, false} end
return {record.owner, record.key, call('GET', key)}
`,
  true,
);

/** NOTE. The text that came with it; nil where there is none, or it is longer than any of ours. ARGV: id, bytes at most. */
export const NOTE = script(
  `
local record = read(ARGV[1])
if not record or isOver(record) then return nil end
local size = call('HSTRLEN', jobKey(ARGV[1]), 'note')
if size == 0 or size > tonumber(ARGV[2]) then return nil end
return call('HGET', jobKey(ARGV[1]), 'note')
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

/**
 * PENDING. Ends that are to be told, behind one or from the oldest on. What nobody could tell is dropped: what is no id or no time,
 * what Redis itself has forgotten, and what has names or an address as none of ours.
 *
 * ARGV: how many at most, time and id of the one, or nothing, the longest name.
 */
export const PENDING = script(
  `
local found = {}
local from = ARGV[2] == '' and '-inf' or ARGV[2]
local longest = tonumber(ARGV[4])
local ends = call('ZRANGEBYSCORE', CALLBACKS, from, '+inf', 'WITHSCORES', 'LIMIT', 0, tonumber(ARGV[1]) + 1000)
for index = 1, #ends, 2 do
  local id, ended = ends[index], ends[index + 1]
  if ARGV[2] == '' or tonumber(ended) > tonumber(ARGV[2]) or id > ARGV[3] then
    local record = isId(id) and #ended < 16 and string.find(ended, '^%d+$') and read(id)
    if record and record.callback ~= '' and #record.owner <= longest and #record.key <= longest then
      found[#found + 1] = {id, record.owner, record.key, record.callback, ended}
    else
      call('ZREM', CALLBACKS, id)
    end
  end
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

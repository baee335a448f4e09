import { KEYS, LINE_NAME, LINE_PREFIX, script } from './prelude';

/** BullMQ's lists are looked through so far. */
const MOST_LISTED = 10_000;

/**
 * SWEEP. A bounded number of each: what is to be forgotten, by its time or for want of room; what has begun and whose lease is
 * over, which ends as failed; what waits and is not in the line, or at another place than its own, which is returned; what is held
 * though there is room.
 *
 * Keys that are none of ours by their type are removed, and so is what is no id of ours, so that nothing that somebody has
 * written stops this for good.
 *
 * Leases are not looked at where more time has passed by Redis's clock since the last sweep of this process than should
 * have: then Redis did not answer in between, or its clock was set, and whoever holds leases could not renew them either.
 *
 * ARGV: most of each, whether leases may be ended, Redis's time at the last sweep, milliseconds for which that is one,
 * milliseconds after which what waits is looked for, milliseconds to keep, bytes to keep, most that are forgotten, the outcome of
 * what is lost: HTTP status, facts, output, what stands for the id in its facts. Returns Redis's time, ids and priorities for the line, ids whose lease was over,
 * whether there is more to be forgotten.
 */
export const SWEEP = script(
  `
local most, leases, last, gap, patience, ttl, maxKept, mostForgotten = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]),
  tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local http, output = ARGV[9], ARGV[11]
local from, to = string.find(ARGV[10], '"' .. ARGV[12] .. '"', 1, true)
local before, behind = string.sub(ARGV[10], 1, from), string.sub(ARGV[10], to)
local now = clock()
heal(TOTALS, 'hash') heal(SIZES, 'hash')
for _, key in ipairs({WAITING, RUNNING, EXPIRY, KEPT, CALLBACKS}) do heal(key, 'zset') end
local function healOwner(home)
  local base = ownerKey(home)
  heal(base, 'hash') heal(base .. ':open', 'set') heal(base .. ':held', 'list') heal(base .. ':ended', 'zset')
end
local all = totals()
local line, lost = {}, {}
local function add(ids) for _, value in ipairs(ids) do line[#line + 1] = value end end

local over = call('ZRANGEBYSCORE', EXPIRY, '-inf', now, 'LIMIT', 0, mostForgotten)
for _, id in ipairs(over) do
  if isId(id) then forget(id, '', all) else call('ZREM', EXPIRY, id) end
end
if call('ZCARD', EXPIRY) == 0 then
  -- Nothing is kept, whatever was counted.
  all.kept = 0
  call('HSET', TOTALS, 'kept', '0')
  call('UNLINK', KEPT, SIZES)
end
local newest = call('ZREVRANGE', EXPIRY, 0, 0)[1]
local forgotten = #over
while forgotten < mostForgotten and all.kept > maxKept and forgetOldest(all, newest) do forgotten = forgotten + 1 end

-- Each end may forget as much again: first there is to be room.
if leases == '1' and now - last <= gap and forgotten < mostForgotten then
  for _, id in ipairs(call('ZRANGEBYSCORE', RUNNING, '-inf', now, 'LIMIT', 0, most)) do
    local record = isId(id) and read(id)
    if record and record.status == 'running' then
      healOwner(record.home)
      heal(jobKey(id) .. '${KEYS.events}', 'list')
      if record.idempotency ~= '' then heal(IDEM .. record.idempotency, 'hash') end
      look(id, record)
      -- So that its attempt is not taken for who ended it.
      call('HSET', jobKey(id), 'attempt', '')
      local key = jobKey(id) .. '${KEYS.outcome}'
      call('UNLINK', key)
      local facts = before .. id .. behind
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

local LINE = '${LINE_PREFIX}:${LINE_NAME}:'
-- Whether BullMQ has it where it could be taken, or somebody has taken it. What is there of another type is left to BullMQ.
local function isInLine(id)
  if redis.pcall('ZSCORE', LINE .. 'prioritized', id) or call('EXISTS', LINE .. id .. ':lock') == 1 then return true end
  for _, list in ipairs({'active', 'wait', 'paused'}) do
    if redis.pcall('LPOS', LINE .. list, id, 'MAXLEN', ${MOST_LISTED}) then return true end
  end
  return false
end

for _, id in ipairs(call('ZRANGEBYSCORE', WAITING, '-inf', now - patience, 'LIMIT', 0, most)) do
  local record = isId(id) and read(id)
  if not record or record.status ~= 'queued' then
    call('ZREM', WAITING, id)
  else
    call('ZADD', WAITING, now, id)
    if record.held == '1' then
      -- Those of its owner that are open and are none any more would hold it for ever.
      local base = ownerKey(record.home)
      healOwner(record.home)
      for _, open in ipairs(call('SRANDMEMBER', base .. ':open', 10)) do
        local other = isId(open) and read(open)
        if not other or hasEnded(other) then call('SREM', base .. ':open', open) end
      end
      add(release(record.home, record.places, all, now))
    else
      local wanted = whole(priority(num(record.tag), all))
      local isThere = isInLine(id)
      -- An entry that is in none of BullMQ's lists is never taken, and keeps another from being added.
      if not isThere then call('UNLINK', LINE .. id) end
      if not isThere or redis.pcall('HGET', LINE .. id, 'priority') ~= wanted then
        line[#line + 1] = id
        line[#line + 1] = wanted
      end
    end
  end
end
local isMore = forgotten >= mostForgotten
return {whole(now), line, lost, isMore and 1 or 0}
`,
  true,
);

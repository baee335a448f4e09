import { KEYS } from './keys';

/** What Redis takes for an execution that has ended besides its events and its outcome, measured. */
const RECORD_BYTES = 1_400;

/** Redis itself forgets what has ended so long after its time, should we never come to it. */
const ENDED_NET_MS = 24 * 3_600_000;

/** So many are forgotten at most in the step that ends another, which everybody waits for; sweeps do the rest. */
const MOST_FORGOTTEN = 200;
/** Then so many large ones; of so many owners, of those who have most, the oldest one is looked at. */
const MOST_LARGE = 50;
const MOST_OWNERS = 10;

/** How executions end, and how they are forgotten. Part of every script, behind the functions of `prelude`. */
export const ENDINGS = `
-- Bytes that are kept of an execution, and its owner. Known also when Redis itself has forgotten its record.
local function sizeOf(id)
  local bytes, home = string.match(call('HGET', SIZES, id) or '', '^(%d+):(%x+)$')
  return num(bytes), home
end

-- Takes away everything that there is of an execution. Owner: in whose list it was found, or nothing.
local function forget(id, owner, all)
  local key = jobKey(id)
  local record = read(id)
  local kept, home = sizeOf(id)
  home = home or record and record.home or owner
  local ended = ownerKey(home) .. ':ended'
  heal(ended, 'zset')
  call('ZREM', EXPIRY, id)
  call('ZREM', CALLBACKS, id)
  call('ZREM', ended, id)
  if call('HDEL', SIZES, id) == 1 then
    all.kept = max(all.kept - kept, 0)
    call('HSET', TOTALS, 'kept', whole(all.kept))
    if call('EXISTS', ended) == 1 then call('ZINCRBY', KEPT, -kept, home) end
  end
  if call('EXISTS', ended) == 0 then call('ZREM', KEPT, home) end
  if owner ~= '' and owner ~= home then call('ZREM', ownerKey(owner) .. ':ended', id) end
  if record and record.idempotency ~= '' then
    -- Of another type it is none of ours, and an error here.
    if redis.pcall('HGET', IDEM .. record.idempotency, 'id') == id then call('UNLINK', IDEM .. record.idempotency) end
  end
  call('UNLINK', key, key .. '${KEYS.body}', key .. '${KEYS.events}', key .. '${KEYS.outcome}')
  call('PUBLISH', '${KEYS.changed}' .. id, 'forgotten')
end

-- Of an owner; nil where nothing of it is kept.
local function oldestOf(home)
  local ended = ownerKey(home) .. ':ended'
  heal(ended, 'zset')
  return call('ZRANGE', ended, 0, 0)[1]
end

-- Forgets the oldest of who has most; where that is the one that has ended last, the oldest of all in its place: one that
-- is larger than all of the room would never be seen otherwise. False where there is nothing else.
local function forgetOldest(all, last)
  local most = call('ZREVRANGE', KEPT, 0, 0)[1]
  local oldest = most and oldestOf(most)
  if most and not oldest then
    call('ZREM', KEPT, most)
    return true
  end
  if not oldest or oldest == last then
    local first = call('ZRANGE', EXPIRY, 0, 1)
    most, oldest = '', first[1] ~= last and first[1] or first[2]
  end
  if not oldest then return false end
  forget(oldest, most, all)
  return true
end

-- Forgets the largest of what is the oldest of its owner, of the owners who have most.
local function forgetLargest(all, last)
  local largest, whose, most = nil, '', 0
  for _, home in ipairs(call('ZREVRANGE', KEPT, 0, ${MOST_OWNERS - 1})) do
    local id = oldestOf(home)
    local bytes = id and id ~= last and sizeOf(id) or 0
    if bytes > most then largest, whose, most = id, home, bytes end
  end
  if largest then forget(largest, whose, all) end
  return largest ~= nil
end

-- Reads what ending writes, so that a key that is none of ours ends the script before it has written anything.
local function look(id, record)
  call('ZSCORE', WAITING, id) call('ZSCORE', RUNNING, id) call('ZSCORE', EXPIRY, id)
  call('ZSCORE', KEPT, id) call('ZSCORE', CALLBACKS, id) call('HGET', SIZES, id)
  local base = ownerKey(record.home)
  call('SCARD', base .. ':open') call('LLEN', base .. ':held') call('ZCARD', base .. ':ended')
  ownerOf(record.home, 0)
  call('LLEN', jobKey(id) .. '${KEYS.events}')
  if record.idempotency ~= '' then call('HGET', IDEM .. record.idempotency, 'id') end
end

-- Ends an execution: it is out of line and lease, kept for a while, counted, told of, and makes room for what its owner has
-- held back. Returns what that is.
local function settle(id, record, all, now, status, http, outcomeBytes, ttl, maxKept)
  local key, base = jobKey(id), ownerKey(record.home)
  if record.status == 'queued' then
    leaveLine(id, record, all)
    if record.held == '1' then call('LREM', base .. ':held', 1, id) end
  end
  call('ZREM', RUNNING, id)
  call('SREM', base .. ':open', id)
  local kept = num(record.told) + outcomeBytes + call('HSTRLEN', key, 'note') + ${RECORD_BYTES}
  record.status, record.ended, record.expires, record.http = status, whole(now), whole(now + ttl), http
  call('HSET', key, 'status', status, 'ended', record.ended, 'expires', record.expires, 'http', http, 'held', '')
  for _, name in ipairs({key, key .. '${KEYS.events}', key .. '${KEYS.outcome}'}) do
    call('PEXPIRE', name, ttl + ${ENDED_NET_MS})
  end
  call('ZADD', EXPIRY, now + ttl, id)
  call('ZADD', base .. ':ended', now, id)
  call('ZINCRBY', KEPT, kept, record.home)
  call('HSET', SIZES, id, whole(kept) .. ':' .. record.home)
  all.kept = all.kept + kept
  call('HSET', TOTALS, 'kept', whole(all.kept))
  if record.callback ~= '' then call('ZADD', CALLBACKS, now, id) end
  for _, name in ipairs({EXPIRY, KEPT, SIZES, CALLBACKS, TOTALS, base .. ':ended'}) do call('PEXPIRE', name, NET) end
  if record.idempotency ~= '' then call('PEXPIRE', IDEM .. record.idempotency, ttl) end
  local atMost = all.kept
  for _ = 1, ${MOST_FORGOTTEN} do
    if all.kept <= maxKept or not forgetOldest(all, id) then break end
  end
  -- Many small ones of who has most do not make room for a large one of another: as much as has come goes, or what is kept
  -- would grow with each.
  for _ = 1, ${MOST_LARGE} do
    if all.kept <= maxKept or atMost - all.kept >= kept or not forgetLargest(all, id) then break end
  end
  local released = release(record.home, record.places, all, now)
  call('PUBLISH', '${KEYS.changed}' .. id, 'ended')
  return released
end
`;

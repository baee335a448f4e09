/**
 * Where everything is. Scripts make the names of keys themselves, so all of it is on one Redis: a cluster is not for this.
 * `OWNER` is the SHA-256 of an owner's name.
 */
export const KEYS = {
  /** Hash of one execution: its record, without its body and outcome. */
  record: 'pycell:job:',
  /** What follows the id in the names of the other three. */
  body: ':body',
  events: ':events',
  outcome: ':outcome',
  /** Hash: bytes that wait, bytes that are kept, virtual time. */
  totals: 'pycell:jobs:totals',
  /** Sorted: what waits, by when it is looked for in the line again. */
  waiting: 'pycell:jobs:waiting',
  /** Sorted: what runs, by when its lease is over. */
  running: 'pycell:jobs:running',
  /** Sorted: what has ended, by when it is forgotten. */
  expiry: 'pycell:jobs:expiry',
  /** Sorted: owners, by the bytes that are kept of theirs. */
  kept: 'pycell:jobs:kept',
  /** Sorted: ends that are to be told, by when they were. */
  callbacks: 'pycell:jobs:callbacks',
  /** Hash of one owner; with `:open` a set of what is in the line or runs, `:held` a list, `:ended` sorted by when. */
  owner: 'pycell:jobs:owner:',
  /** Hash: to what execution an idempotency key belongs, and with what body. */
  idempotency: 'pycell:jobs:idempotency:',
  /** Channels: something has come of one execution, something waits. */
  changed: 'pycell:jobs:changed:',
  wake: 'pycell:jobs:wake',
  trial: 'pycell:jobs:trial',
} as const;

/** Hash of one entry of the line, as BullMQ names it; scripts only look whether it is there and what its priority is. */
export const LINE_PREFIX = 'pycell:bull';
export const LINE_NAME = 'pycell-executions';

/** The largest priority that BullMQ knows; the smallest is served first. */
export const MAX_PRIORITY = 2 ** 21 - 1;

/** What Redis takes for an execution that has ended besides its events and its outcome, measured. */
const RECORD_BYTES = 1_400;

/** What is forgotten by Redis itself should we never come to it: what waits or runs; what has ended, after its time. */
const NET_MS = 30 * 24 * 3_600_000;
const ENDED_NET_MS = 24 * 3_600_000;

/**
 * What several scripts need. Every script reads first and writes then: a key of another type than ours ends it before it
 * has changed anything. What is no number counts as 0, and is set anew.
 */
const FUNCTIONS = `
local call = redis.call
local NET = ${NET_MS}
local TOTALS, WAITING, RUNNING = '${KEYS.totals}', '${KEYS.waiting}', '${KEYS.running}'
local EXPIRY, KEPT, CALLBACKS = '${KEYS.expiry}', '${KEYS.kept}', '${KEYS.callbacks}'
local IDEM = '${KEYS.idempotency}'
local FIELDS = {'owner', 'key', 'status', 'created', 'started', 'ended', 'expires', 'http',
  'attempt', 'places', 'callback', 'idempotency', 'size', 'tag', 'kept', 'told', 'home', 'held'}

local function clock()
  local time = call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function num(value)
  local number = tonumber(value)
  if not number or number ~= number or number < 0 or number > 2^53 then return 0 end
  return math.floor(number)
end

local function whole(number) return string.format('%.0f', number) end
local function jobKey(id) return '${KEYS.record}' .. id end
local function ownerKey(home) return '${KEYS.owner}' .. home end
local function max(a, b) if a > b then return a end return b end

-- Removes a key that is none of ours, whoever wrote it.
local function heal(key, kind)
  local there = call('TYPE', key).ok
  if there ~= 'none' and there ~= kind then call('UNLINK', key) end
end

-- Fields of a record by name; nil where there is none of ours. Longer ones than any of ours are none.
local function read(id)
  local values = redis.pcall('HMGET', jobKey(id), unpack(FIELDS))
  if values.err or not values[3] then return nil end
  local record = {}
  for index, name in ipairs(FIELDS) do
    local value = values[index] or ''
    if #value > 4096 then value = '' end
    record[name] = value
  end
  return record
end

local function hasEnded(record) return record.status ~= 'queued' and record.status ~= 'running' end

-- Whether its time is over, though nobody has come to forget it.
local function isOver(record) return hasEnded(record) and num(record.expires) <= clock() end

-- What is told of a record.
local function told(id, record)
  return {id, record.owner, record.status, record.created, record.started, record.ended, record.expires, record.http}
end

local function totals()
  local values = call('HMGET', TOTALS, 'epoch', 'bytes', 'time', 'base', 'kept', 'begun', 'since', 'pace')
  local names = {'epoch', 'bytes', 'time', 'base', 'kept', 'begun', 'since', 'pace'}
  local all = {}
  for index, name in ipairs(names) do all[name] = num(values[index]) end
  return all
end

-- What an owner has in line, and where its virtual time is. That of another epoch, when the line was empty, is over.
local function ownerOf(home, epoch)
  local values = call('HMGET', ownerKey(home), 'epoch', 'waiting', 'bytes', 'finish')
  if num(values[1]) ~= epoch then return {waiting = 0, bytes = 0, finish = 0} end
  return {waiting = num(values[2]), bytes = num(values[3]), finish = num(values[4])}
end

local function saveOwner(home, epoch, owner)
  call('HSET', ownerKey(home), 'epoch', whole(epoch), 'waiting', whole(owner.waiting),
    'bytes', whole(owner.bytes), 'finish', whole(owner.finish))
  call('PEXPIRE', ownerKey(home), NET)
end

local function priority(tag, all)
  local distance = tag - all.base + 1
  if distance < 1 then return 1 end
  if distance > ${MAX_PRIORITY} then return ${MAX_PRIORITY} end
  return distance
end

-- Lets held executions of an owner into the line, as many as its share has room for. Each gets its place in virtual time
-- now: it comes to the line now. Returns ids and priorities, one after the other.
local function release(home, places, all, now)
  local base = ownerKey(home)
  local released = {}
  local owner = ownerOf(home, all.epoch)
  for _ = 1, 50 do
    if places ~= '' and call('SCARD', base .. ':open') >= num(places) then break end
    local id = call('LPOP', base .. ':held')
    if not id then break end
    local record = read(id)
    if record and record.status == 'queued' then
      local tag = max(all.time, owner.finish)
      owner.finish = tag + 1
      call('HSET', jobKey(id), 'tag', whole(tag), 'held', '')
      call('SADD', base .. ':open', id)
      call('PEXPIRE', base .. ':open', NET)
      call('ZADD', WAITING, now, id)
      released[#released + 1] = id
      released[#released + 1] = whole(priority(tag, all))
    end
  end
  if #released > 0 then saveOwner(home, all.epoch, owner) end
  return released
end

-- What waits no more counts no more. Its body is not needed by anybody: who begins has read it.
local function leaveLine(id, record, all)
  if call('ZREM', WAITING, id) == 1 then
    local owner = ownerOf(record.home, all.epoch)
    local size = num(record.size)
    owner.waiting = max(owner.waiting - 1, 0)
    owner.bytes = max(owner.bytes - size, 0)
    all.bytes = max(all.bytes - size, 0)
    saveOwner(record.home, all.epoch, owner)
    call('HSET', TOTALS, 'bytes', whole(all.bytes))
  end
  call('UNLINK', jobKey(id) .. '${KEYS.body}')
end

-- Takes away everything that there is of an execution.
local function forget(id, home, all)
  local key = jobKey(id)
  local record = read(id)
  local base = ownerKey(record and record.home or home)
  heal(base .. ':ended', 'zset')
  call('ZREM', EXPIRY, id)
  call('ZREM', CALLBACKS, id)
  if call('ZREM', base .. ':ended', id) == 1 then
    local kept = record and num(record.kept) or 0
    all.kept = max(all.kept - kept, 0)
    call('HSET', TOTALS, 'kept', whole(all.kept))
    local home = string.sub(base, ${KEYS.owner.length + 1})
    if call('EXISTS', base .. ':ended') == 0 then
      call('ZREM', KEPT, home)
    else
      call('ZINCRBY', KEPT, -kept, home)
    end
  end
  if record and record.idempotency ~= '' then
    local names = call('HGET', IDEM .. record.idempotency, 'id')
    if names == id then call('UNLINK', IDEM .. record.idempotency) end
  end
  call('UNLINK', key, key .. '${KEYS.body}', key .. '${KEYS.events}', key .. '${KEYS.outcome}')
end

-- Reads what ending writes, so that a key that is none of ours ends the script before it has written anything.
local function look(id, record)
  call('ZSCORE', WAITING, id) call('ZSCORE', RUNNING, id) call('ZSCORE', EXPIRY, id)
  call('ZSCORE', KEPT, id) call('ZSCORE', CALLBACKS, id)
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
  local kept = num(record.told) + outcomeBytes + ${RECORD_BYTES}
  record.status, record.ended, record.expires, record.http = status, whole(now), whole(now + ttl), http
  record.kept = whole(kept)
  call('HSET', key, 'status', status, 'ended', record.ended, 'expires', record.expires, 'http', http,
    'kept', record.kept, 'held', '')
  for _, name in ipairs({key, key .. '${KEYS.events}', key .. '${KEYS.outcome}'}) do
    call('PEXPIRE', name, ttl + ${ENDED_NET_MS})
  end
  call('ZADD', EXPIRY, now + ttl, id)
  call('ZADD', base .. ':ended', now, id)
  call('ZINCRBY', KEPT, kept, record.home)
  all.kept = all.kept + kept
  call('HSET', TOTALS, 'kept', whole(all.kept))
  if record.callback ~= '' then call('ZADD', CALLBACKS, now, id) end
  for _, name in ipairs({EXPIRY, KEPT, CALLBACKS, TOTALS, base .. ':ended'}) do call('PEXPIRE', name, NET) end
  if record.idempotency ~= '' then call('PEXPIRE', IDEM .. record.idempotency, ttl) end
  for _ = 1, 200 do
    if all.kept <= maxKept then break end
    local most = call('ZREVRANGE', KEPT, 0, 0)[1]
    if not most then break end
    local oldest = call('ZRANGE', ownerKey(most) .. ':ended', 0, 0)[1]
    if oldest == id then break end
    if oldest then forget(oldest, most, all) else call('ZREM', KEPT, most) end
  end
  local released = release(record.home, record.places, all, now)
  call('PUBLISH', '${KEYS.changed}' .. id, 'ended')
  return released
end
`;

/**
 * Returns a script.
 * @param whenFull whether it works when Redis is full: what ends an execution must, it makes room
 */
export function script(text: string, whenFull: boolean): string {
  return `${whenFull ? '#!lua flags=allow-oom\n' : ''}${FUNCTIONS}\n${text}`;
}

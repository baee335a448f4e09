import { ENDINGS } from './endings';
import { KEYS, MAX_PRIORITY } from './keys';

export * from './keys';

/** What is forgotten by Redis itself should we never come to it: what waits or runs. */
const NET_MS = 30 * 24 * 3_600_000;

/**
 * What several scripts need. Every script reads first and writes then: a key of another type than ours ends it before it
 * has changed anything. What is no number counts as 0, and is set anew.
 */
const FUNCTIONS = `
local call = redis.call
local NET = ${NET_MS}
local TOTALS, WAITING, RUNNING = '${KEYS.totals}', '${KEYS.waiting}', '${KEYS.running}'
local EXPIRY, KEPT, SIZES, CALLBACKS = '${KEYS.expiry}', '${KEYS.kept}', '${KEYS.sizes}', '${KEYS.callbacks}'
local IDEM = '${KEYS.idempotency}'
local FIELDS = {'owner', 'key', 'status', 'created', 'started', 'ended', 'expires', 'http',
  'attempt', 'places', 'callback', 'idempotency', 'size', 'tag', 'told', 'home', 'held'}

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

-- Whether it can be one of ours: whoever can write to Redis may have put anything into lists of ids.
local function isId(id) return id and #id == 32 and not string.find(id, '[^0-9a-f]') end

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
    local record = isId(id) and read(id)
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
`;

/**
 * Returns a script.
 * @param whenFull whether it works when Redis is full: what ends an execution must, it makes room
 */
export function script(text: string, whenFull: boolean): string {
  return `${whenFull ? '#!lua flags=allow-oom\n' : ''}${FUNCTIONS}\n${ENDINGS}\n${text}`;
}

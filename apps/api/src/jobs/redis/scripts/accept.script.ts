import { KEYS, script } from './prelude';

/**
 * ACCEPT. In one step: looks whether the owner has sent this before (the same id: the answer was lost; the same idempotency
 * key), whether there is room in number and bytes, for all and for one owner, who may have half of it; then writes the record, and gives it its place in the
 * line or has it held back, where its owner has its share of places.
 *
 * Guarantees that an id is accepted once, that an idempotency key belongs to one execution as long as that is kept, and that
 * no bound is passed, however many ask at once.
 *
 * Priority is by start-time fair queueing: an execution starts, in virtual time, when its owner's last one would have been
 * finished, but not before now; now is the start of what was begun last. Time begins anew when nothing waits.
 *
 * ARGV: id, owner, its hash, name of its key, its places, body, callback, hash of the idempotency key, hash of the body,
 * how many may wait, how many bytes, the note or nothing.
 */
export const ACCEPT = script(
  `
local id, owner, home, key, places, body, callback, idempotency, hash = unpack(ARGV, 1, 9)
local maxWaiting, maxBytes, note = tonumber(ARGV[10]), tonumber(ARGV[11]), ARGV[12]
local known = read(id)
if known then
  -- The answer that was lost had let it into the line.
  local isReleased = known.status == 'queued' and known.held ~= '1'
  return {'accepted', told(id, known), isReleased and {id, whole(priority(num(known.tag), totals()))} or {}}
end
if idempotency ~= '' then
  local names = call('HMGET', IDEM .. idempotency, 'id', 'body')
  if isId(names[1]) then
    local record = read(names[1])
    if record and not isOver(record) then
      if names[2] ~= hash then return {'conflict'} end
      return {'repeated', told(names[1], record), {}}
    end
  end
end
local now = clock()
local all = totals()
local waiting = call('ZCARD', WAITING)
if waiting == 0 then
  all.epoch, all.bytes, all.time, all.base = all.epoch + 1, 0, 0, 0
end
local mine = ownerOf(home, all.epoch)
local size = #body + #note
local base = ownerKey(home)
call('SCARD', base .. ':open')
local heldBack = call('LLEN', base .. ':held')
local half = max(math.floor(maxWaiting / 2), 1)
local own = mine.waiting >= half or (mine.waiting > 0 and mine.bytes + size > maxBytes / 2)
if own or waiting >= maxWaiting or all.bytes + size > maxBytes then
  return {'full', own and 1 or 0, own and mine.waiting or waiting, all.pace}
end
mine.waiting, mine.bytes = mine.waiting + 1, mine.bytes + size
all.bytes = all.bytes + size
call('HSET', TOTALS, 'epoch', whole(all.epoch), 'bytes', whole(all.bytes), 'time', whole(all.time), 'base', whole(all.base))
saveOwner(home, all.epoch, mine)
call('HSET', jobKey(id), 'owner', owner, 'home', home, 'key', key, 'status', 'queued', 'created', whole(now),
  'places', places, 'callback', callback, 'idempotency', idempotency, 'size', size, 'held', '1')
if note ~= '' then call('HSET', jobKey(id), 'note', note) end
call('SET', jobKey(id) .. '${KEYS.body}', body, 'PX', NET)
call('ZADD', WAITING, now, id)
call('RPUSH', base .. ':held', id)
if idempotency ~= '' then
  call('HSET', IDEM .. idempotency, 'id', id, 'body', hash)
  call('PEXPIRE', IDEM .. idempotency, NET)
end
for _, name in ipairs({TOTALS, WAITING, jobKey(id), base .. ':held'}) do call('PEXPIRE', name, NET) end
local released = release(home, places, all, now)
return {'accepted', told(id, read(id)), released}
`,
  false,
);

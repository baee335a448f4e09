import { KEYS, script } from './prelude';

/**
 * EXTENT. How much there is of an execution, without any of it: its owner, how many events, how many files, how many fields and
 * bytes of its outcome. Nil where there is none. ARGV: id, fields at most that are looked at.
 */
export const EXTENT = script(
  `
local record = read(ARGV[1])
if not record or isOver(record) then return nil end
local key = jobKey(ARGV[1])
local outcome = key .. '${KEYS.outcome}'
local events, fields, bytes = call('LLEN', key .. '${KEYS.events}'), 0, 0
if hasEnded(record) then fields = call('HLEN', outcome) end
if fields > 0 and fields <= tonumber(ARGV[2]) then
  for _, field in ipairs(call('HKEYS', outcome)) do bytes = bytes + #field + call('HSTRLEN', outcome, field) end
end
local files = fields > 0 and num(call('HGET', outcome, 'artifacts')) or 0
return {record.owner, events, whole(files), fields, whole(bytes)}
`,
  true,
);

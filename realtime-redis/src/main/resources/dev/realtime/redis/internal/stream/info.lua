-- Describes a stream without the entries at its ends, which XINFO and XRANGE send with all that they hold.
-- KEYS: the stream. ARGV: an id.
-- Returns the last id that was given, the id of the oldest entry (empty when there is none), the number of entries, how many were ever added
-- (-1: unknown, before Redis 7), and whether the id is there; nothing when there is no stream.
if redis.call('EXISTS', KEYS[1]) == 0 then
  return false
end
local info = {}
local pairs = redis.call('XINFO', 'STREAM', KEYS[1])
for i = 1, #pairs, 2 do
  info[pairs[i]] = pairs[i + 1]
end
local first = info['first-entry']
local found = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])
return {info['last-generated-id'], first and first[1] or '', info['length'], info['entries-added'] or -1, #found}

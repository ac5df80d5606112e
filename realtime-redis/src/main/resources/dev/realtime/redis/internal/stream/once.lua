-- Appends an entry to a stream unless something is known of its id. KEYS: the stream, the id. ARGV: number of the entry (empty: nothing is to be appended,
-- now or later), how long the id is remembered in ms, and the fields of the entry behind how many entries the stream keeps.
-- Returns the position under the id (empty: none), and 1 if this call was the first one.
local known = redis.call('GET', KEYS[2])
if known then
  local position, number = string.match(known, '^(%S*) (.*)$')
  return {position, ARGV[1] ~= '' and number == ARGV[1] and 1 or 0}
end
local position = ''
if ARGV[1] ~= '' then
  position = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[3], '*', unpack(ARGV, 4))
end
redis.call('SET', KEYS[2], position .. ' ' .. ARGV[1], 'PX', ARGV[2])
return {position, 1}

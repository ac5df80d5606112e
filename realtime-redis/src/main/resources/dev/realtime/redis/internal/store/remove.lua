-- Removes a session unless somebody else owns it by now. KEYS: the record, the fence. ARGV: fence, how long to remember it, in ms.
-- Returns its node when it was the caller's, nothing else. That it was removed is remembered for a while: the question may come twice.
local known = redis.call('HMGET', KEYS[2], 'fence', 'removed', 'value', 'node')
local fence = tonumber(ARGV[1])
if known[1] and tonumber(known[1]) > fence then
  return false
end
if known[2] then
  return {known[4] or ''}
end
local record = redis.call('GET', KEYS[1])
if not record or (known[1] and tonumber(known[1]) == fence and known[3] and redis.sha1hex(record) ~= known[3]) then
  return false
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[2], 'fence', ARGV[1], 'removed', 1)
redis.call('HDEL', KEYS[2], 'value', 'write')
redis.call('PEXPIRE', KEYS[2], ARGV[2])
return {known[4] or ''}

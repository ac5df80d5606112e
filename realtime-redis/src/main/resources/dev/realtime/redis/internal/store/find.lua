-- Looks at a session. KEYS: the record, the fence. Returns the value, the fence, the node and since which claim it
-- is its home; nothing when there is no record.
local value = redis.call('GET', KEYS[1])
if not value then
  return false
end
local known = redis.call('HMGET', KEYS[2], 'fence', 'node', 'since')
return {value, known[1] or '', known[2] or '', known[3] or '0'}

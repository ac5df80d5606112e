-- Takes a session over. KEYS: the record, the fence. ARGV: node, how much longer the fence lives than the record, in ms,
-- and the home that it must have (empty: any).
-- Returns the value, the new fence, whether there was a fence before, the former node, and the claim since which the node is its home; nothing
-- when there is no record.
local value = redis.call('GET', KEYS[1])
if not value then
  return false
end
local known = redis.call('HMGET', KEYS[2], 'fence', 'node', 'value', 'since', 'taken')
if ARGV[3] ~= '' and (known[2] ~= ARGV[3] or (known[3] and known[3] ~= redis.sha1hex(value))) then
  return false -- its home is another one, or a server of another kind wrote it
end
local foreign = known[3] and known[3] ~= redis.sha1hex(value)
if known[1] and foreign then
  -- a server of another kind has had it since: see remove.lua. The latest 16 fences are remembered: who owned an earlier one has been told
  local fences = {}
  for fence in string.gmatch(known[5] or '', '%d+') do
    fences[#fences + 1] = fence
  end
  fences[#fences + 1] = known[1]
  redis.call('HSET', KEYS[2], 'taken', table.concat(fences, ',', math.max(1, #fences - 15)))
end
local fence = redis.call('HINCRBY', KEYS[2], 'fence', 1)
local since = fence
if known[2] == ARGV[1] and known[4] and not foreign then
  since = tonumber(known[4]) -- nobody else has had it
end
redis.call('HSET', KEYS[2], 'node', ARGV[1], 'value', redis.sha1hex(value), 'since', since)
redis.call('HDEL', KEYS[2], 'write', 'removed')
local left = redis.call('PTTL', KEYS[1])
if left > 0 then
  redis.call('PEXPIRE', KEYS[2], left + tonumber(ARGV[2]))
end
return {value, fence, known[1] and 1 or 0, known[2] or '', since}

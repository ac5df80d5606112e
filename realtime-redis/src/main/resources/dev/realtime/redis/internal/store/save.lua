-- Writes a session record unless somebody else owns it by now.
-- KEYS: the record, the fence. ARGV: value, node, fence, time to live of the record and of the fence in ms, number of this write,
-- the claim since which the node is its home.
-- Returns 1, or 0 when the writer is fenced off.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local known = redis.call('HMGET', KEYS[2], 'fence', 'write', 'value', 'until', 'node')
local fence = tonumber(ARGV[3])
if known[1] then
  local stored = tonumber(known[1])
  if stored > fence or (stored == fence and known[5] and known[5] ~= ARGV[2]) then
    return 0
  end
  if stored == fence then
    if known[2] and tonumber(known[2]) > tonumber(ARGV[6]) then
      return 1 -- sent again after a later write of the same owner
    end
    local record = redis.call('GET', KEYS[1])
    local expired = not record and known[4] and known[3] and now >= tonumber(known[4])
    if not expired and (not record or (known[3] and redis.sha1hex(record) ~= known[3])) then
      return 0 -- a server of another kind took it
    end
  end
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[4])
redis.call('HSET', KEYS[2], 'fence', ARGV[3], 'node', ARGV[2], 'write', ARGV[6], 'value', redis.sha1hex(ARGV[1]),
  'until', now + ARGV[4], 'since', ARGV[7])
redis.call('HDEL', KEYS[2], 'removed')
redis.call('PEXPIRE', KEYS[2], ARGV[5])
return 1

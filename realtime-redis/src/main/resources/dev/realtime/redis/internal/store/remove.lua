-- Removes a session unless somebody else owns it by now. KEYS: the record, the fence. ARGV: fence; how long to remember it, in ms, if
-- nobody else has had it, and if somebody has; the node that has it.
-- Returns its node and 1 when it was the caller's, its node and 0 when nobody knows of it, its node and 2 when a server of another kind has
-- taken it from the caller; when somebody has claimed it since, who, since which claim, and the newest claim, and nothing when it has ended there. That it was removed is remembered for a while: the question may come
-- twice, and a former owner late.
local known = redis.call('HMGET', KEYS[2], 'fence', 'removed', 'value', 'node', 'until', 'since', 'taken')
local fence = tonumber(ARGV[1])
if known[1] and (tonumber(known[1]) > fence or (tonumber(known[1]) == fence and known[4] and known[4] ~= ARGV[4])) then
  if string.find(',' .. (known[7] or '') .. ',', ',' .. ARGV[1] .. ',', 1, true) then
    return {'', 2}
  end
  if known[2] or not known[4] then
    return false
  end
  return {known[4], known[6] or '0', known[1]}
end
if known[2] then
  return {known[4] or '', 1}
end
local record = redis.call('GET', KEYS[1])
if not record then
  local time = redis.call('TIME')
  if not known[1] or (known[5] and time[1] * 1000 + math.floor(time[2] / 1000) >= tonumber(known[5])) then
    if fence > 0 then -- another node has had it, and may come late
      redis.call('HSET', KEYS[2], 'fence', ARGV[1], 'node', ARGV[4], 'removed', 1)
      redis.call('PEXPIRE', KEYS[2], ARGV[3])
    end
    return {known[4] or '', 0}
  end
  return {known[4] or '', 2} -- a server of another kind took it before its time
end
if known[1] and tonumber(known[1]) == fence and known[3] and redis.sha1hex(record) ~= known[3] then
  return {'', 2}
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[2], 'fence', ARGV[1], 'node', ARGV[4], 'removed', 1)
redis.call('HDEL', KEYS[2], 'value', 'write', 'until')
redis.call('PEXPIRE', KEYS[2], fence > 0 and ARGV[3] or ARGV[2])
return {known[4] or '', 1}

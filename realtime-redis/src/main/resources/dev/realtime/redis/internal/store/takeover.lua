-- Gives the caller the dead nodes that nobody else takes over. KEYS: living, dead. ARGV: patience and life of the keys in ms.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local before = '(' .. now
local dead = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', before)
for _, node in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', before)) do
  dead[#dead + 1] = node
end
for _, node in ipairs(dead) do
  redis.call('ZREM', KEYS[1], node)
  redis.call('ZADD', KEYS[2], now + ARGV[1], node)
end
if #dead > 0 then
  redis.call('PEXPIRE', KEYS[2], ARGV[2])
end
return dead

-- Claims a signed command for the one node that carries it out. KEYS: its nonce. ARGV: when it was signed and how old it may be, in ms; who claims it;
-- how long the nonce is remembered, in ms.
-- Returns 'new' for the node that is to carry it out, 'taken' for all others and for whoever says it again, 'stale' for what was signed too long ago, or is not signed yet.
local time = redis.call('TIME')
local age = time[1] * 1000 + math.floor(time[2] / 1000) - ARGV[1]
if age > tonumber(ARGV[2]) or age < -tonumber(ARGV[2]) then
  return 'stale'
end
if redis.call('SET', KEYS[1], ARGV[3], 'NX', 'PX', ARGV[4]) then
  return 'new'
end
return redis.call('GET', KEYS[1]) == ARGV[3] and 'new' or 'taken'

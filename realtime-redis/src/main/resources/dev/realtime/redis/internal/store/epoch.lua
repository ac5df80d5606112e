-- Changes the epoch if it is still the one that the caller knows. KEYS: the epoch. ARGV: known (empty: none), new, life in ms.
-- Returns the epoch that is in force now.
local stored = redis.call('GET', KEYS[1])
if (stored or '') == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
  return ARGV[2]
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return stored or ''

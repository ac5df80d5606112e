-- A node has nothing left. KEYS: living, dead. ARGV: node.
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return 1

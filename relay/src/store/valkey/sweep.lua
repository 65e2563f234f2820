-- Drops what has expired, some at a time. {how many were dropped, how many are there}.
-- keys: expiries. arguments: prefix, now, most
local dropped = sweep(ARGV[1], KEYS[1], ARGV[2], tonumber(ARGV[3]))
return {dropped, redis.call('ZCOUNT', KEYS[1], '(' .. ARGV[2], '+inf')}

-- Keeps a new session. {1}: new. {2, record, revision}: there. {3}: clash. {4}: full.
-- keys: session, identity state, authorization state, expiries
-- arguments: prefix, id, now, revision, record, identity state, authorization state, expiry, milliseconds to live, most
sweep(ARGV[1], KEYS[4], ARGV[3], 100)
local there = redis.call('HMGET', KEYS[1], 'revision', 'record')
-- Its own writing again: the answer to the first was lost.
if there[1] == ARGV[4] then return {1} end
if there[1] then return {2, there[2], there[1]} end
if redis.call('EXISTS', KEYS[2], KEYS[3]) > 0 then return {3} end
if redis.call('ZCOUNT', KEYS[4], '(' .. ARGV[3], '+inf') >= tonumber(ARGV[10]) then return {4} end
redis.call('HSET', KEYS[1], 'revision', ARGV[4], 'record', ARGV[5], 'identity-state', ARGV[6], 'authorization-state', ARGV[7])
redis.call('PEXPIRE', KEYS[1], ARGV[9])
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[9])
redis.call('SET', KEYS[3], ARGV[2], 'PX', ARGV[9])
keep(KEYS[4], ARGV[8], ARGV[2], ARGV[9])
return {1}

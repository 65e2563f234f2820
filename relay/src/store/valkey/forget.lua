-- Forgets a session and tells.
-- keys: expiries, wakes. arguments: prefix, id
if drop(ARGV[1], KEYS[1], ARGV[2]) == 1 then redis.call('PUBLISH', KEYS[2], ARGV[2]) end
return 1

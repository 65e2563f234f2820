-- Writes a session that is still as it was seen, and tells. 1: written. 0: not.
-- keys: session, expiries, wakes
-- arguments: prefix, id, seen, revision, record, expiry, milliseconds to live, leg sealed or '', sealed bytes,
--            leg forgotten or '', process or ''
local found = redis.call('HMGET', KEYS[1], 'revision', 'identity-state', 'authorization-state', 'process')
-- Its own writing again: the answer to the first was lost.
if found[1] == ARGV[4] then return 1 end
if found[1] ~= ARGV[3] then return 0 end
redis.call('HSET', KEYS[1], 'revision', ARGV[4], 'record', ARGV[5])
if ARGV[10] ~= '' then redis.call('HDEL', KEYS[1], ARGV[10]) end
if ARGV[8] ~= '' then redis.call('HSET', KEYS[1], ARGV[8], ARGV[9]) end
local process = found[4]
if ARGV[11] ~= '' and ARGV[11] ~= process then
  if process then redis.call('DEL', ARGV[1] .. 'p:' .. process) end
  process = ARGV[11]
  redis.call('HSET', KEYS[1], 'process', process)
end
redis.call('PEXPIRE', KEYS[1], ARGV[7])
redis.call('SET', ARGV[1] .. 't:' .. found[2], ARGV[2], 'PX', ARGV[7])
redis.call('SET', ARGV[1] .. 't:' .. found[3], ARGV[2], 'PX', ARGV[7])
if process then redis.call('SET', ARGV[1] .. 'p:' .. process, ARGV[2], 'PX', ARGV[7]) end
keep(KEYS[2], ARGV[6], ARGV[2], ARGV[7])
redis.call('PUBLISH', KEYS[3], ARGV[2])
return 1

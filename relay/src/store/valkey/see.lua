-- Remembers for whom a browser brought a code. The session's id, 'several', or nothing where there is no room.
-- keys: code, codes. arguments: code, id, now, until, milliseconds to live, most
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[3])
if redis.call('ZSCORE', KEYS[2], ARGV[1]) then
  local there = redis.call('GET', KEYS[1])
  if there == ARGV[2] then return there end
  if there then
    redis.call('SET', KEYS[1], 'several', 'KEEPTTL')
    return 'several'
  end
elseif redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[6]) then
  return false
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[5])
keep(KEYS[2], ARGV[4], ARGV[1], ARGV[5])
return ARGV[2]

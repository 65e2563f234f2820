-- Before every script.

-- Forgets one session with all that belongs to it.
local function drop(prefix, expiries, id)
  local key = prefix .. 's:' .. id
  local found = redis.call('HMGET', key, 'identity-state', 'authorization-state', 'process')
  redis.call('DEL', key)
  if found[1] then redis.call('DEL', prefix .. 't:' .. found[1]) end
  if found[2] then redis.call('DEL', prefix .. 't:' .. found[2]) end
  if found[3] then redis.call('DEL', prefix .. 'p:' .. found[3]) end
  return redis.call('ZREM', expiries, id)
end

-- Forgets what has expired.
local function sweep(prefix, expiries, now, most)
  local expired = redis.call('ZRANGEBYSCORE', expiries, '-inf', now, 'LIMIT', 0, most)
  for _, id in ipairs(expired) do drop(prefix, expiries, id) end
  return #expired
end

-- Remembers when a session expires. Where no relay is left to sweep, this goes with the last session.
local function keep(expiries, expiry, id, life)
  redis.call('ZADD', expiries, expiry, id)
  if redis.call('PTTL', expiries) < tonumber(life) then redis.call('PEXPIRE', expiries, life) end
end

"""What the queue on Redis does, in Lua: each script is one transaction there, whoever else asks.

A look is the text '<forge> <repository> <number> <branch>', its home the first two words of it. Redis does
not undo what a script did before an error; so what a server without memory left may refuse comes first in
those that begin something, and last in those that end it.
"""

# Looks and what is known of them; those that may be taken, by their turn; those that are due later; since
# when each waits; those given up; who holds a home, until when, and until when it rests; deliveries and their
# times.
KEYS = (
    "looks", "turns", "later", "since", "given-up", "holders", "until", "rests", "deliveries", "delivered",
    "counts",
)  # fmt: skip
VERSION = "1"
ANOTHER_VERSION = "another version"
FULL, KNOWN, NEW = -1, 0, 1
PORTION = 1000

# ARGV[1] is the caller's time, ARGV[2] '' to believe it: clocks of machines differ, and the server's is one.
_PRELUDE = f"""
local LOOKS, TURNS, LATER, SINCE, GIVEN, HOLDERS, UNTIL, RESTS, DELIVERIES, DELIVERED, COUNTS = unpack(KEYS)
local call = redis.call
local version = call('HGET', COUNTS, 'version')
if version and version ~= '{VERSION}' then return '{ANOTHER_VERSION}' end
local SHIFT = 0
if ARGV[2] ~= '' then
  local time = call('TIME')
  SHIFT = time[1] + time[2] / 1000000 - ARGV[1]
end
local NOW = ARGV[1] + SHIFT

local function exact(number) return string.format('%.17g', number) end
local function home_of(look) return string.match(look, '^[^ ]* [^ ]*') end

local function read(look)
  local kept = call('HGET', LOOKS, look)
  return kept and cmsgpack.unpack(kept)
end

local function next_one(what) return call('HINCRBY', COUNTS, what, 1) end

local function keep(look, known)
  call('HSET', LOOKS, look, cmsgpack.pack(known))
  call('ZADD', SINCE, exact(known.since), look)
  if known.due > NOW then
    call('ZADD', LATER, exact(known.due), look)
    call('ZREM', TURNS, look)
  else
    call('ZADD', TURNS, known.turn, look)
    call('ZREM', LATER, look)
  end
end

local function begin(look)
  call('HSET', COUNTS, 'version', '{VERSION}')
  local known = {{place = next_one('place'), turn = next_one('turn'), asked = 1, answered = 0, tries = 0,
                 since = NOW, due = NOW}}
  keep(look, known)
  return known
end

local function leave(look)
  call('ZREM', TURNS, look)
  call('ZREM', LATER, look)
  call('ZREM', SINCE, look)
end

local function free(home, me, rest)
  if call('HGET', HOLDERS, home) ~= me then return end
  call('HDEL', HOLDERS, home)
  call('ZREM', UNTIL, home)
  if rest > (tonumber(call('ZSCORE', RESTS, home) or 0)) then call('ZADD', RESTS, exact(rest), home) end
end
"""

# look, delivery ('' for none), most
_ASK = f"""
local look, delivery, most = ARGV[3], ARGV[4], tonumber(ARGV[5])
local before = delivery ~= '' and call('HGET', DELIVERIES, delivery)
if before then
  before = cmsgpack.unpack(before)
  local known = read(before.look)
  if not known or known.place ~= before.place or known.answered >= before.asked then return {KNOWN} end
end
local known = read(look)
if known then
  if call('ZREM', GIVEN, look) == 1 then known.since = NOW end
  known.asked, known.tries, known.due, known.reason = known.asked + 1, 0, NOW, nil
  keep(look, known)
else
  if call('ZCARD', TURNS) + call('ZCARD', LATER) >= most then return {FULL} end
  known = begin(look)
end
if delivery ~= '' then
  local now = {{look = look, place = known.place, asked = known.asked}}
  call('HSET', DELIVERIES, delivery, cmsgpack.pack(now))
  call('ZADD', DELIVERED, exact(NOW), delivery)
end
return {NEW}
"""

# looks
_REMIND = """
for at = 3, #ARGV do
  local look = ARGV[at]
  local known = read(look)
  if not known then
    begin(look)
  elseif call('ZREM', GIVEN, look) == 1 then
    known.since, known.due, known.reason = NOW, NOW, nil
    keep(look, known)
  end
end
return 0
"""

# me, lease, homes in the hands of this process
_TAKE = """
local me, lease, mine, is_free = ARGV[3], ARGV[4], {}, {}
for at = 5, #ARGV do mine[ARGV[at]] = true end
for _, look in ipairs(call('ZRANGEBYSCORE', LATER, '-inf', exact(NOW))) do keep(look, read(look)) end
local from = 0
while true do
  local looks = call('ZRANGE', TURNS, from, from + 499)
  for _, look in ipairs(looks) do
    local home = home_of(look)
    if is_free[home] == nil then
      local held, rest = call('ZSCORE', UNTIL, home) or 0, call('ZSCORE', RESTS, home) or 0
      is_free[home] = not mine[home] and tonumber(held) <= NOW and tonumber(rest) <= NOW
    end
    if is_free[home] then
      call('HSET', HOLDERS, home, me)
      call('ZADD', UNTIL, exact(NOW + lease), home)
      local known = read(look)
      return {look, known.place, known.asked, known.tries}
    end
  end
  if #looks < 500 then return false end
  from = from + 500
end
"""

# me, lease, homes in the hands of this process
_RENEW = """
for at = 5, #ARGV do
  if call('HGET', HOLDERS, ARGV[at]) == ARGV[3] then call('ZADD', UNTIL, exact(NOW + ARGV[4]), ARGV[at]) end
end
return 0
"""

# The first are those of every end of a look: me, look, place, asked.
_DONE = """
local me, look, place, asked = ARGV[3], ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6])
free(home_of(look), me, 0)
local known = read(look)
if not known or known.place ~= place then return 0 end
if known.asked == asked then
  leave(look)
  call('ZREM', GIVEN, look)
  call('HDEL', LOOKS, look)
else
  known.answered = math.max(known.answered, asked)
  known.turn, known.since = next_one('turn'), NOW
  if call('ZSCORE', GIVEN, look) then
    call('HSET', LOOKS, look, cmsgpack.pack(known))
  else
    keep(look, known)
  end
end
return 0
"""

# due, tries, '1' for a rest
_AGAIN = """
local me, look, place, asked = ARGV[3], ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6])
local due = ARGV[7] + SHIFT
free(home_of(look), me, ARGV[9] == '1' and due or 0)
local known = read(look)
if known and known.place == place and known.asked == asked and not call('ZSCORE', GIVEN, look) then
  known.turn, known.due, known.tries = next_one('turn'), due, tonumber(ARGV[8])
  keep(look, known)
end
return 0
"""

# tries, reason
_GIVE_UP = """
local me, look, place, asked = ARGV[3], ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6])
free(home_of(look), me, 0)
local known = read(look)
if known and known.place == place and known.asked == asked then
  known.tries, known.reason = tonumber(ARGV[7]), ARGV[8]
  leave(look)
  call('ZADD', GIVEN, exact(NOW), look)
  call('HSET', LOOKS, look, cmsgpack.pack(known))
end
return 0
"""

# me
_LET_GO = """
local held = call('HGETALL', HOLDERS)
for at = 1, #held, 2 do
  if held[at + 1] == ARGV[3] then free(held[at], ARGV[3], 0) end
end
return 0
"""

# me, homes in the hands of this process. The write shows whether this server still takes any.
_DEPTH = """
call('HSET', COUNTS, 'asked-for', exact(NOW))
local running = call('ZCOUNT', UNTIL, '(' .. exact(NOW), '+inf')
for at = 4, #ARGV do
  local held = call('ZSCORE', UNTIL, ARGV[at])
  local is_late = held and tonumber(held) <= NOW and call('HGET', HOLDERS, ARGV[at]) == ARGV[3]
  if is_late then running = running + 1 end
end
local waiting = call('ZCARD', TURNS) + call('ZCARD', LATER) - running
local oldest = call('ZRANGE', SINCE, 0, 0, 'WITHSCORES')[2]
return {math.max(0, waiting), running, call('ZCARD', GIVEN), oldest and exact(oldest - SHIFT) or '0'}
"""

_GIVEN_UP = """
local found = {}
for _, look in ipairs(call('ZRANGE', GIVEN, 0, -1)) do
  local known = read(look)
  table.insert(found, {look, known.place, known.tries, call('ZSCORE', GIVEN, look), known.reason})
end
return found
"""

# for how long deliveries, and looks given up, are kept; how many were forgotten
_SWEEP = f"""
local old = call('ZRANGEBYSCORE', DELIVERED, '-inf', '(' .. exact(NOW - ARGV[3]), 'LIMIT', 0, {PORTION})
for _, delivery in ipairs(old) do
  call('HDEL', DELIVERIES, delivery)
  call('ZREM', DELIVERED, delivery)
end
local given = call('ZRANGEBYSCORE', GIVEN, '-inf', '(' .. exact(NOW - ARGV[4]), 'LIMIT', 0, {PORTION})
for _, look in ipairs(given) do
  call('HDEL', LOOKS, look)
  call('ZREM', GIVEN, look)
end
call('ZREMRANGEBYSCORE', RESTS, '-inf', exact(NOW))
return #old + #given
"""

ASK, REMIND, TAKE, RENEW = (_PRELUDE + body for body in (_ASK, _REMIND, _TAKE, _RENEW))
DONE, AGAIN, GIVE_UP, LET_GO = (_PRELUDE + body for body in (_DONE, _AGAIN, _GIVE_UP, _LET_GO))
DEPTH, GIVEN_UP, SWEEP = (_PRELUDE + body for body in (_DEPTH, _GIVEN_UP, _SWEEP))

-- Queues, as many steps in one call as wait for this server, in their order. KEYS: of each step four of its queue:
--   a hash with i:ID = end, rank, place and text of an item, h:ID = until when and by whom it is held, b = bytes of all texts, s = how many were ever put;
--   sorted sets of all items, each as its place and its id: by place (all scores are 0), by rank, and by end.
-- A place is the moment when an item is due in microseconds, and how manieth it was: 16 and 12 digits. ARGV: of each step its name and its arguments.
-- Returns a list with what each step returns, or the error that it met.
local time = redis.call('TIME')
local micros = time[1] * 1000000 + time[2]
local at = string.format('%.0f', micros)
local PLACE = 28
local PAGE = 100

local key, arg = 0, 0
local function nextArg()
  arg = arg + 1
  return ARGV[arg]
end
local function nextIds()
  local ids = {}
  for i = 1, tonumber(nextArg()) do
    ids[i] = nextArg()
  end
  return ids
end

local function nextQueue()
  local queue = {hash = KEYS[key + 1], order = KEYS[key + 2], ranks = KEYS[key + 3], ends = KEYS[key + 4]}
  key = key + 4
  return queue
end

-- What is stored of an item: its end, its rank, its place, its text.
local function item(queue, id)
  local stored = redis.call('HGET', queue.hash, 'i:' .. id)
  if not stored then
    return nil
  end
  local ends, rank, place, from = string.match(stored, '^(%d+):(%-?%d+):(%d+):()')
  return {id = id, ends = ends, rank = rank, place = place, text = string.sub(stored, from)}
end

local function due(found)
  return string.format('%.0f', tonumber(string.sub(found.place, 1, 16)))
end

local function told(found)
  return {found.id, found.rank, found.text, due(found), found.ends, found.place .. found.id}
end

local function strike(queue, id, member)
  redis.call('HDEL', queue.hash, 'i:' .. id, 'h:' .. id)
  redis.call('ZREM', queue.order, member)
  redis.call('ZREM', queue.ranks, member)
  redis.call('ZREM', queue.ends, member)
end

local function drop(queue, found)
  strike(queue, found.id, found.place .. found.id)
  redis.call('HINCRBY', queue.hash, 'b', -#found.text)
end

local function delete(queue)
  redis.call('DEL', queue.hash, queue.order, queue.ranks, queue.ends)
end

-- Leaves nothing of a queue in which nothing is.
local function tidy(queue)
  if redis.call('EXISTS', queue.order) == 0 then
    delete(queue)
  end
end

-- Forgets what has come to its end.
local function forget(queue)
  local over
  repeat
    over = redis.call('ZRANGEBYSCORE', queue.ends, '-inf', micros, 'LIMIT', 0, PAGE)
    for _, member in ipairs(over) do
      local id = string.sub(member, PLACE + 1)
      local found = item(queue, id)
      if found and found.place .. id == member then
        drop(queue, found)
      else
        redis.call('ZREM', queue.order, member)
        redis.call('ZREM', queue.ranks, member)
        redis.call('ZREM', queue.ends, member)
      end
    end
  until #over < PAGE
  tidy(queue)
end

-- The queue of the next step, without what is over.
local function open()
  local queue = nextQueue()
  forget(queue)
  return queue
end

local function bytes(queue)
  return tonumber(redis.call('HGET', queue.hash, 'b') or 0)
end

-- What has to go for an item, nothing if it cannot be helped.
local function tooMuch(queue, rank, size, mostItems, mostBytes, dropping)
  local goes = {}
  local moreItems = redis.call('ZCARD', queue.order) + 1 - mostItems
  local moreBytes = bytes(queue) + size - mostBytes
  while moreItems > 0 or moreBytes > 0 do
    local lowest = dropping and redis.call('ZRANGE', queue.ranks, #goes, #goes, 'WITHSCORES') or {}
    if not lowest[1] or tonumber(lowest[2]) > rank then
      return nil
    end
    local found = item(queue, string.sub(lowest[1], PLACE + 1))
    if not found then
      return nil
    end
    goes[#goes + 1] = found
    moreItems = moreItems - 1
    moreBytes = moreBytes - #found.text
  end
  return goes
end

local steps = {}

-- Arguments: id; rank; text; delay and life in ms; most items; most bytes; whether others go for it. Returns the outcome, when it is due (empty: never),
-- the clock, and id and rank of each that went.
function steps.put()
  local queue = open()
  local id, rank, text, delay, life, mostItems, mostBytes, dropping =
    nextArg(), nextArg(), nextArg(), tonumber(nextArg()), tonumber(nextArg()), tonumber(nextArg()), tonumber(nextArg()), nextArg() == '1'
  local known = item(queue, id)
  if known then
    return {'KNOWN', due(known), at, {}}
  end
  local goes = tooMuch(queue, tonumber(rank), #text, mostItems, mostBytes, dropping)
  if not goes then
    return {'REFUSED', '', at, {}}
  end
  local dropped = {}
  for _, gone in ipairs(goes) do
    drop(queue, gone)
    dropped[#dropped + 1] = gone.id
    dropped[#dropped + 1] = gone.rank
  end
  local number = redis.call('HINCRBY', queue.hash, 's', 1)
  local place = string.format('%016.0f%012.0f', micros + delay * 1000, number)
  local ends = string.format('%.0f', micros + life * 1000)
  redis.call('HSET', queue.hash, 'i:' .. id, ends .. ':' .. rank .. ':' .. place .. ':' .. text)
  redis.call('HINCRBY', queue.hash, 'b', #text)
  redis.call('ZADD', queue.order, 0, place .. id)
  redis.call('ZADD', queue.ranks, rank, place .. id)
  redis.call('ZADD', queue.ends, ends, place .. id)
  local last = redis.call('ZREVRANGE', queue.ends, 0, 0, 'WITHSCORES')
  local over = string.format('%.0f', math.ceil(tonumber(last[2]) / 1000))
  for _, name in pairs(queue) do
    redis.call('PEXPIREAT', name, over)
  end
  return {'ADDED', string.format('%.0f', micros + delay * 1000), at, dropped}
end

-- Arguments: ids. Returns the clock and the items.
function steps.find()
  local queue, ids = open(), nextIds()
  local found = {}
  for _, id in ipairs(ids) do
    local one = item(queue, id)
    if one then
      found[#found + 1] = one
    end
  end
  table.sort(found, function(one, other) return one.place < other.place end)
  for i, one in ipairs(found) do
    found[i] = told(one)
  end
  return {at, found}
end

-- Arguments: behind whom (empty: from the beginning); how many. Returns the clock and the items.
function steps.list()
  local queue, after, limit = open(), nextArg(), nextArg()
  local found = {}
  for _, member in ipairs(redis.call('ZRANGEBYLEX', queue.order, after == '' and '-' or '(' .. after, '+', 'LIMIT', 0, limit)) do
    local one = item(queue, string.sub(member, PLACE + 1))
    if one then
      found[#found + 1] = told(one)
    end
  end
  return {at, found}
end

-- Returns the clock, how many items there are and how many bytes.
function steps.size()
  local queue = open()
  return {at, redis.call('ZCARD', queue.order), bytes(queue)}
end

-- Arguments: how many; lease in ms; owner. Returns the clock, when to come again (empty: there is no more), and the items.
function steps.take()
  local queue, limit, lease, owner = open(), tonumber(nextArg()), tonumber(nextArg()), nextArg()
  local mine = string.format('%016.0f', micros + lease * 1000) .. owner
  local later = string.format('%016.0f', micros + 1)
  local after, page = '-', nil
  local taken, comes = {}, nil
  repeat
    page = redis.call('ZRANGEBYLEX', queue.order, after, '(' .. later, 'LIMIT', 0, PAGE)
    for _, member in ipairs(page) do
      if #taken == limit then
        break
      end
      after = '(' .. member
      local id = string.sub(member, PLACE + 1)
      local hold = redis.call('HGET', queue.hash, 'h:' .. id)
      local untilWhen = hold and tonumber(string.sub(hold, 1, 16)) or 0
      if hold and untilWhen > micros and string.sub(hold, 17) ~= owner then
        comes = math.min(comes or untilWhen, untilWhen)
      else
        local one = item(queue, id)
        if one then
          redis.call('HSET', queue.hash, 'h:' .. id, mine)
          taken[#taken + 1] = told(one)
        end
      end
    end
  until #page < PAGE or #taken == limit
  if #taken == limit then
    comes = micros
  else
    local nextOne = redis.call('ZRANGEBYLEX', queue.order, '[' .. later, '+', 'LIMIT', 0, 1)[1]
    if nextOne then
      local dueAt = tonumber(string.sub(nextOne, 1, 16))
      comes = math.min(comes or dueAt, dueAt)
    end
  end
  return {at, comes and string.format('%.0f', comes) or '', taken}
end

-- Arguments: owner; ids. Returns the clock.
function steps.release()
  local queue, owner, ids = open(), nextArg(), nextIds()
  for _, id in ipairs(ids) do
    local hold = redis.call('HGET', queue.hash, 'h:' .. id)
    if hold and string.sub(hold, 17) == owner then
      redis.call('HDEL', queue.hash, 'h:' .. id)
    end
  end
  return {at}
end

-- Arguments: ids. Returns the clock and the ids of those that were there.
function steps.remove()
  local queue, ids = open(), nextIds()
  local removed = {}
  for _, id in ipairs(ids) do
    local found = item(queue, id)
    if found then
      drop(queue, found)
      removed[#removed + 1] = id
    end
  end
  tidy(queue)
  return {at, removed}
end

-- Arguments: places, as they are told: each with its id. Returns what steps.remove would have.
function steps.removeAt()
  local queue, places = open(), nextIds()
  local removed = {}
  for _, member in ipairs(places) do
    local id = string.sub(member, PLACE + 1)
    local found = item(queue, id)
    if found and found.place .. id == member then
      drop(queue, found)
      removed[#removed + 1] = id
    end
  end
  tidy(queue)
  return {at, removed}
end

-- Removes all. Returns what steps.size would have.
function steps.clear()
  local queue = open()
  local size = {at, redis.call('ZCARD', queue.order), bytes(queue)}
  delete(queue)
  return size
end

local results = {}
while arg < #ARGV do
  local done, result = pcall(steps[nextArg()])
  if not done then
    local reason = type(result) == 'table' and result.err or tostring(result)
    result = {err = string.match(reason, '%u%u%u+ .*') or ('ERR ' .. reason)}
  end
  results[#results + 1] = result
end
return results

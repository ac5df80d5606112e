-- What nodes do to sessions, as many steps in one call as wait for this server, in their order. KEYS: of each step the record and the fence beside
-- it, or the set of the sessions at home at a node. Where one server has all keys, steps that give a session another home have all three, and change
-- the set of its former home as well, whose name only the fence knows. ARGV: of each step its name and its arguments.
-- Returns a list with what each step returns, or the error that it met.
local key, arg = 0, 0
local function nextKey()
  key = key + 1
  return KEYS[key]
end
local function nextArg()
  arg = arg + 1
  return ARGV[arg]
end

local clock
local function now()
  if not clock then
    local time = redis.call('TIME')
    clock = time[1] * 1000 + math.floor(time[2] / 1000)
  end
  return clock
end

local results = {}

-- names to enter into the sets of nodes and to strike off them, once for all steps; the last step that says anything of a name counts
local homes = {}
local function homeOf(set)
  homes[set] = homes[set] or {names = {}, life = 0, enters = {}, strikes = {}}
  return homes[set]
end
local function enter(set, name, life)
  local home = homeOf(set)
  home.names[name] = true
  home.life = math.max(home.life, life)
  table.insert(home.enters, #results + 1)
end
local function strikeOff(node, name)
  if node and node ~= '' then
    homeOf('realtime:node:' .. node .. ':sessions').names[name] = false
  end
end

local steps = {}

-- Enters a name into the set of a node. Arguments: name; life of the set in ms.
function steps.enter()
  local set, name, life = nextKey(), nextArg(), tonumber(nextArg())
  enter(set, name, life)
  return 1
end

-- Strikes a name off the set of a node. Arguments: name.
function steps.strike()
  local home, name = homeOf(nextKey()), nextArg()
  home.names[name] = false
  table.insert(home.strikes, #results + 1)
  return 1
end

-- Looks at a session. Returns the value, the fence, the node and since which claim it is its home; nothing when there is no record.
function steps.find()
  local record, owner = nextKey(), nextKey()
  local value = redis.call('GET', record)
  if not value then
    return false
  end
  local known = redis.call('HMGET', owner, 'fence', 'node', 'since')
  return {value, known[1] or '', known[2] or '', known[3] or '0'}
end

-- Writes a session record unless somebody else owns it by now. Arguments: value, node, fence, time to live of the record and of the fence in ms,
-- number of this write, the claim since which the node is its home, and which client may have it (empty: not for this script to say).
-- Returns 1, or 0 when the writer is fenced off.
function steps.save()
  local record, owner = nextKey(), nextKey()
  local value, node, fenceText, life, ownerLife, write, since, client =
    nextArg(), nextArg(), nextArg(), tonumber(nextArg()), tonumber(nextArg()), nextArg(), nextArg(), nextArg()
  local known = redis.call('HMGET', owner, 'fence', 'write', 'value', 'until', 'node', 'removed', 'kept')
  local fence = tonumber(fenceText)
  if known[1] then
    local stored = tonumber(known[1])
    if stored > fence or (known[5] and known[5] ~= node and (stored == fence or known[6])) then
      return 0 -- claimed later, or ended: a failover may have lost the latest claim before a former owner ended the session
    end
    if stored == fence then
      if known[2] and tonumber(known[2]) > tonumber(write) then
        return 1 -- sent again after a later write of the same owner
      end
      local old = redis.call('GET', record)
      local expired = not old and known[4] and known[3] and now() >= tonumber(known[4])
      if not expired and (not old or (known[3] and redis.sha1hex(old) ~= known[3])) then
        return 0 -- a server of another kind took it
      end
    end
  end
  redis.call('SET', record, value, 'PX', life)
  local kept = tonumber(known[7] or '0')
  local renews = kept < now() + (life + ownerLife) / 2
  if renews then
    kept = now() + ownerLife
  end
  redis.call('HSET', owner, 'fence', fenceText, 'node', node, 'write', write, 'value', redis.sha1hex(value),
    'until', string.format('%.0f', now() + life), 'since', since, 'client', client,
    'kept', string.format('%.0f', kept))
  if known[6] then
    redis.call('HDEL', owner, 'removed')
  end
  if renews then
    redis.call('PEXPIRE', owner, ownerLife)
  end
  return 1
end

-- Takes a session over. Arguments: node; how much longer the fence lives than the record, in ms; the home that it must have (empty: any); the client
-- that must be known to be its own (empty: the caller knows what it does); name, and life of the node's set in ms (empty: the sets are elsewhere).
-- Returns the value, the new fence, the claim since which the node is its home, how much longer the record lives, and the node, the claim and the
-- fence (empty: none) of the former home. Returns what a look returns, and changes nothing, when it is not known to be the client's own; nothing when
-- there is no record.
function steps.claim()
  local record, owner = nextKey(), nextKey()
  local node, ownerMillis, from, client, name, setLife =
    nextArg(), tonumber(nextArg()), nextArg(), nextArg(), nextArg(), nextArg()
  local set = setLife ~= '' and nextKey()
  local value = redis.call('GET', record)
  if not value then
    return false
  end
  local known = redis.call('HMGET', owner, 'fence', 'node', 'value', 'since', 'taken', 'removed', 'client', 'until')
  local sum = redis.sha1hex(value)
  local foreign = known[3] and known[3] ~= sum
  if from ~= '' and (known[2] ~= from or foreign) then
    return false -- its home is another one, or a server of another kind wrote it
  end
  local ours = known[1] and known[3] and not foreign -- the fence is that of this value
  if client ~= '' and not (ours and known[7] == client) then
    return {value, known[1] or '', known[2] or '', known[4] or '0'}
  end
  if known[1] and foreign then
    -- a server of another kind has had it since: see steps.remove. The latest 16 fences are remembered: who owned an earlier one has been told
    local fences = {}
    for fence in string.gmatch(known[5] or '', '%d+') do
      fences[#fences + 1] = fence
    end
    fences[#fences + 1] = known[1]
    redis.call('HSET', owner, 'taken', table.concat(fences, ',', math.max(1, #fences - 15)))
  end
  local fence = tonumber(known[1] or '0') + 1
  local since = fence
  if known[2] == node and known[4] and not foreign then
    since = tonumber(known[4]) -- nobody else has had it
  end
  redis.call('HSET', owner, 'fence', string.format('%.0f', fence), 'node', node, 'value', sum,
    'since', string.format('%.0f', since), 'write', '0')
  if known[6] then
    redis.call('HDEL', owner, 'removed')
  end
  local left
  if ours then -- the save of this value has seen to its time
    left = tonumber(known[8]) - now()
  else
    left = redis.call('PTTL', record)
    if left > 0 then
      redis.call('HSET', owner, 'until', string.format('%.0f', now() + left),
        'kept', string.format('%.0f', now() + left + ownerMillis))
      redis.call('PEXPIRE', owner, left + ownerMillis)
    end
  end
  if set then
    if known[2] ~= node then
      strikeOff(known[2], name)
    end
    enter(set, name, math.max(tonumber(setLife), left + ownerMillis))
  end
  return {value, fence, since, left, known[2] or '', known[1] or '', known[4] or '0'}
end

-- Removes a session unless somebody else owns it by now. Arguments: fence; how long to remember it, in ms, if nobody else has had it, and if
-- somebody has; the node that has it; name, and 1 when its set is here (empty: it is elsewhere).
-- Returns its node and 1 when it was the caller's, its node and 0 when nobody knows of it, its node and 2 when a server of another kind has
-- taken it from the caller; when somebody has claimed it since, who, since which claim, and the newest claim, and nothing when it has ended there.
-- That it was removed is remembered for a while: the question may come twice, and a former owner late.
local function remove(record, owner, fenceText, removedMillis, ownerMillis, node)
  local known = redis.call('HMGET', owner, 'fence', 'removed', 'value', 'node', 'until', 'since', 'taken')
  local fence = tonumber(fenceText)
  if known[1] and (tonumber(known[1]) > fence or (tonumber(known[1]) == fence and known[4] and known[4] ~= node)) then
    if string.find(',' .. (known[7] or '') .. ',', ',' .. fenceText .. ',', 1, true) then
      return {'', 2}
    end
    if known[2] or not known[4] then
      return false
    end
    return {known[4], known[6] or '0', known[1]}
  end
  if known[2] then
    if known[4] and known[4] ~= node then
      return false -- ended by a former owner, since a failover lost this claim
    end
    return {known[4] or '', 1}
  end
  local value = redis.call('GET', record)
  if not value then
    if not known[1] or (known[5] and now() >= tonumber(known[5])) then
      if fence > 0 then -- another node has had it, and may come late
        redis.call('HSET', owner, 'fence', fenceText, 'node', node, 'removed', 1, 'kept', '0')
        redis.call('PEXPIRE', owner, ownerMillis)
      end
      return {known[4] or '', 0}
    end
    return {known[4] or '', 2} -- a server of another kind took it before its time
  end
  if known[1] and tonumber(known[1]) == fence and known[3] and redis.sha1hex(value) ~= known[3] then
    return {'', 2}
  end
  redis.call('DEL', record)
  redis.call('HSET', owner, 'fence', fenceText, 'node', node, 'removed', 1)
  redis.call('HDEL', owner, 'value', 'write', 'until', 'kept', 'client')
  redis.call('PEXPIRE', owner, fence > 0 and ownerMillis or removedMillis)
  return {known[4] or '', 1}
end
function steps.remove()
  local record, owner = nextKey(), nextKey()
  local fenceText, removedMillis, ownerMillis, node, name = nextArg(), nextArg(), nextArg(), nextArg(), nextArg()
  local set = nextArg() ~= '' and nextKey()
  local result = remove(record, owner, fenceText, removedMillis, ownerMillis, node)
  if set and result and #result == 2 then
    strikeOff(result[1], name)
  end
  return result
end

-- One step that fails leaves the others as they are: each has taken its keys and arguments before it calls anything.
local function try(step)
  local done, result = pcall(step)
  if done then
    return result
  end
  local reason = type(result) == 'table' and result.err or tostring(result)
  return {err = string.match(reason, '%u%u%u+ .*') or ('ERR ' .. reason)}
end

-- Changes the set of a node. An error is the result of all steps that wanted that.
local function change(wanted, command, set, names, life)
  if #names == 0 then
    return
  end
  local result = try(function()
    redis.call(command, set, unpack(names))
    if life then
      redis.call('PEXPIRE', set, string.format('%.0f', life))
    end
    return 1
  end)
  if result ~= 1 then
    for _, step in ipairs(wanted) do
      results[step] = result
    end
  end
end

while arg < #ARGV do
  results[#results + 1] = try(steps[nextArg()])
end
for set, home in pairs(homes) do
  local entered, struck = {}, {}
  for name, isHere in pairs(home.names) do
    local names = isHere and entered or struck
    names[#names + 1] = name
  end
  change(home.enters, 'SADD', set, entered, home.life)
  change(home.strikes, 'SREM', set, struck)
end
return results

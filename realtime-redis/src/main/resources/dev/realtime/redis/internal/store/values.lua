-- Reads and writes values, as many steps in one call as wait for this server, in their order. KEYS: of each step its value. ARGV: of each step its
-- name and its arguments.
-- Returns a list with what each step returns, or the error that it met.
local time = redis.call('TIME')
local micros = time[1] * 1000000 + time[2]
local at = string.format('%.0f', micros)

local key, arg = 0, 0
local function nextKey()
  key = key + 1
  return KEYS[key]
end
local function nextArg()
  arg = arg + 1
  return ARGV[arg]
end

local steps = {}

-- Returns the version, the text and the server's clock.
function steps.find()
  local known = redis.call('HMGET', nextKey(), 'version', 'text')
  return {known[1] or '0', known[2], at}
end

-- Writes a value that still has the expected version. Arguments: that; 1 for a text, 0 for none; the text; time to live in ms.
-- Returns what is there now, as steps.find does, and whether it is what was to be written.
function steps.put()
  local value = nextKey()
  local expected, isText, text, life = nextArg(), nextArg(), nextArg(), nextArg()
  local known = redis.call('HMGET', value, 'version', 'text')
  if (known[1] or '0') ~= expected then
    return {known[1] or '0', known[2], at, 0}
  end
  local version = string.format('%.0f', math.max(tonumber(expected) + 1, micros))
  redis.call('DEL', value)
  redis.call('HSET', value, 'version', version)
  if isText == '1' then
    redis.call('HSET', value, 'text', text)
  end
  redis.call('PEXPIRE', value, life)
  return {version, isText == '1' and text, at, 1}
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

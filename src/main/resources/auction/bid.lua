-- Decides one bid and appends its event, in one atomic step.
-- KEYS: price, bidder, status, sequence, event log, remembered answer
-- ARGV: item, cents, user, event id, bid id, event log's limit, ms to remember the answer (0: not)
-- Returns: kind, price, bidder, sequence, status, event id, bid id, cents, user
-- Amounts are texts of whole cents; no Lua number is ever written or returned.
local remembers = ARGV[7] ~= '0'
if remembers then
  local answer = redis.call('GET', KEYS[6])
  if answer then
    answer = cjson.decode(answer)
    answer[#answer + 1] = 'again'
    return answer
  end
end
local state = redis.call('MGET', KEYS[1], KEYS[2], KEYS[3], KEYS[4])
local price, bidder, sequence = state[1] or '0', state[2] or '', state[4] or '0'
if not state[3] then
  return {'unknown'}
end
local answer
if state[3] ~= 'open' then
  answer = {'closed', price, bidder, sequence, state[3], '', '', ARGV[2], ARGV[3]}
elseif tonumber(ARGV[2]) <= tonumber(price) then
  answer = {'rejected', price, bidder, sequence, state[3], '', '', ARGV[2], ARGV[3]}
else
  if redis.call('XLEN', KEYS[5]) >= tonumber(ARGV[6]) then
    return {'full'}
  end
  sequence = string.format('%.0f', tonumber(sequence) + 1)
  local now = redis.call('TIME')
  -- First, because it can fail, and what was written before an error stays.
  redis.call('XADD', KEYS[5], '*', 'kind', 'bid', 'item', ARGV[1], 'sequence', sequence,
    'event', ARGV[4], 'bid', ARGV[5], 'user', ARGV[3], 'cents', ARGV[2], 'previous', price,
    's', now[1], 'us', now[2])
  redis.call('MSET', KEYS[1], ARGV[2], KEYS[2], ARGV[3], KEYS[4], sequence)
  answer = {'accepted', price, bidder, sequence, state[3], ARGV[4], ARGV[5], ARGV[2], ARGV[3]}
end
if remembers then
  redis.call('SET', KEYS[6], cjson.encode(answer), 'PX', ARGV[7])
end
return answer

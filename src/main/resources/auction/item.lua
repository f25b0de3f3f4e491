-- Creates, opens, closes or resets an item and appends the event, in one atomic step.
-- KEYS: price, bidder, status, sequence, event log
-- ARGV: item, make | open | close | reset, event id, event log's limit
-- Returns: kind, price, bidder, sequence, status
local state = redis.call('MGET', KEYS[1], KEYS[2], KEYS[3], KEYS[4])
local price, bidder, status, sequence = state[1] or '0', state[2] or '', state[3], state[4] or '0'
if not status and ARGV[2] ~= 'make' then
  return {'unknown'}
end
local kinds = {make = 'opened', open = 'opened', close = 'closed', reset = 'reset'}
local kind = kinds[ARGV[2]]
local nothing = (ARGV[2] == 'make' and status) or (ARGV[2] == 'open' and status == 'open')
  or (ARGV[2] == 'close' and status == 'closed')
if nothing then
  return {'same', price, bidder, sequence, status}
end
if redis.call('XLEN', KEYS[5]) >= tonumber(ARGV[4]) then
  return {'full'}
end
local previous = price
sequence = string.format('%.0f', tonumber(sequence) + 1)
status = kind == 'closed' and 'closed' or 'open'
if kind == 'reset' then
  price, bidder = '0', ''
end
local now = redis.call('TIME')
-- First, because it can fail, and what was written before an error stays.
redis.call('XADD', KEYS[5], '*', 'kind', kind, 'item', ARGV[1], 'sequence', sequence,
  'event', ARGV[3], 'bid', '', 'user', bidder, 'cents', '0', 'previous', previous,
  's', now[1], 'us', now[2])
if kind == 'reset' then
  redis.call('DEL', KEYS[1], KEYS[2])
end
redis.call('MSET', KEYS[3], status, KEYS[4], sequence)
return {'changed', price, bidder, sequence, status}

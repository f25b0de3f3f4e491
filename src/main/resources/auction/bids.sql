INSERT INTO bids (
  event_id, bid_id, item_id, life, sequence, user_id, amount, previous_bid, placed_at
)
SELECT
  e, b, i, life, s, u, a * 0.01, p * 0.01,
  timestamptz 'epoch' + t * interval '1 microsecond'
FROM unnest(?, ?, ?, ?, ?, ?, ?, ?) AS r (e, b, i, s, u, a, p, t)
JOIN items ON id = i
ON CONFLICT (event_id) DO NOTHING

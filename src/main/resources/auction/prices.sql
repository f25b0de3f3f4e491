UPDATE items SET
  current_bid = c * 0.01,
  highest_bidder_id = nullif(u, ''),
  status = st,
  sequence = s,
  updated_at = now()
FROM unnest(?, ?, ?, ?, ?) AS r (i, c, u, st, s)
WHERE id = i AND sequence < s

WITH begun AS (
  INSERT INTO lives (event_id, item_id)
  SELECT e, i FROM unnest(?, ?) AS r (e, i) ON CONFLICT DO NOTHING RETURNING item_id
)
UPDATE items SET life = life + 1, sequence = 0 FROM begun WHERE id = item_id

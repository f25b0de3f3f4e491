INSERT INTO refused_events (position, event, reason) VALUES (?, ?, ?) ON CONFLICT DO NOTHING

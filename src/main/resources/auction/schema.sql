CREATE TABLE IF NOT EXISTS items (
  id                text PRIMARY KEY,
  current_bid       numeric(12, 2) NOT NULL DEFAULT 0 CHECK (current_bid >= 0),
  highest_bidder_id text,
  status            text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed')),
  sequence          bigint NOT NULL DEFAULT 0 CHECK (sequence >= 0),
  life              integer NOT NULL DEFAULT 0,
  updated_at        timestamptz NOT NULL DEFAULT now()
);

-- An item that is made again, because Redis was emptied, begins another life with sequence 1.
CREATE TABLE IF NOT EXISTS lives (
  event_id text PRIMARY KEY,
  item_id  text NOT NULL REFERENCES items (id)
);

CREATE TABLE IF NOT EXISTS bids (
  event_id     text PRIMARY KEY,
  bid_id       text NOT NULL UNIQUE,
  item_id      text NOT NULL REFERENCES items (id),
  life         integer NOT NULL DEFAULT 0,
  sequence     bigint NOT NULL CHECK (sequence > 0),
  user_id      text NOT NULL,
  amount       numeric(12, 2) NOT NULL,
  previous_bid numeric(12, 2) NOT NULL CHECK (previous_bid >= 0),
  placed_at    timestamptz NOT NULL,
  archived_at  timestamptz NOT NULL DEFAULT now(),
  CHECK (amount > previous_bid),
  UNIQUE (item_id, life, sequence)
);

CREATE TABLE IF NOT EXISTS refused_events (
  position   bigint PRIMARY KEY,
  event      text NOT NULL,
  reason     text NOT NULL,
  refused_at timestamptz NOT NULL DEFAULT now()
);

-- Tables of earlier versions.
ALTER TABLE items ADD COLUMN IF NOT EXISTS life integer NOT NULL DEFAULT 0;
ALTER TABLE bids ADD COLUMN IF NOT EXISTS life integer NOT NULL DEFAULT 0;
ALTER TABLE bids DROP CONSTRAINT IF EXISTS bids_item_id_sequence_key;
CREATE UNIQUE INDEX IF NOT EXISTS bids_item_id_life_sequence_key ON bids (item_id, life, sequence);

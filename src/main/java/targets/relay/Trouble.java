package targets.relay;

import java.util.Locale;

/** Why a message was refused or lost, each counted under its name. */
enum Trouble {
  /** Not one JSON object with the fields of a token message, each of its type. */
  MALFORMED,
  /** The conversation's id would make another subject of it. */
  BAD_ID,
  /** The sequence is missing or below 1. */
  BAD_SEQUENCE,
  /** Larger than NATS takes. */
  TOO_LARGE,
  /** NATS was away and no room was left for waiting. */
  NATS_AWAY,
  /** The NATS client dropped messages because the adapter was too slow to take them. */
  NATS_SLOW;

  /** As the metrics name it. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

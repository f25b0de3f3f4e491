package targets.relay;

/** Which follower a request gets, planted mistakes included. */
final class Followers {
  private Followers() {}

  static Follower of(Outlet outlet, StreamRequest request, AdapterParts parts) {
    boolean durable = parts.settings().delivery() == Delivery.DURABLE;
    Cursor cursor = new Cursor(next(request, durable, parts));
    if (durable) {
      boolean fromNow =
          parts.has(RelayDefects.SUBSCRIBE_RACE)
              || (request.prompt().isPresent() && request.lastEventId().isEmpty());
      return new DurableFollower(outlet, cursor, fromNow, parts, parts.store());
    }
    boolean repeats =
        parts.has(RelayDefects.DUPLICATE_ON_RECONNECT) && request.lastEventId().isPresent();
    boolean skips = parts.has(RelayDefects.OFF_BY_ONE_RESUME);
    return new CoreFollower(outlet, cursor, parts.metrics(), repeats, skips);
  }

  /** Without a last event, durable streams begin at the beginning, the others with what comes. */
  private static long next(StreamRequest request, boolean durable, AdapterParts parts) {
    if (request.lastEventId().isEmpty()) {
      boolean replays = durable && request.prompt().isEmpty();
      return replays && !parts.has(RelayDefects.SUBSCRIBE_RACE) ? 1 : Cursor.ANY;
    }
    long last = request.lastEventId().getAsLong();
    if (parts.has(RelayDefects.OFF_BY_ONE_RESUME)) {
      return last + 2;
    }
    boolean repeats = durable && parts.has(RelayDefects.DUPLICATE_ON_RECONNECT) && last > 0;
    return repeats ? last : last + 1;
  }
}

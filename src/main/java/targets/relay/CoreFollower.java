package targets.relay;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes on whatever comes, as it comes. A gap in the sequence is counted, logged once a stream and
 * shown as a comment; what comes late is passed on all the same.
 */
final class CoreFollower implements Follower {
  private static final Logger LOG = LoggerFactory.getLogger(CoreFollower.class);

  private final Outlet outlet;
  private final Cursor cursor;
  private final AdapterMetrics metrics;
  private final boolean skipsBehind;
  private boolean repeatOnce;
  private boolean logged;

  /**
   * @param cursor what the client needs next
   * @param repeatOnce planted mistake: the first token is written twice
   * @param skipsBehind planted mistake: what is behind the cursor is dropped
   */
  CoreFollower(
      Outlet outlet,
      Cursor cursor,
      AdapterMetrics metrics,
      boolean repeatOnce,
      boolean skipsBehind) {
    this.skipsBehind = skipsBehind;
    this.outlet = outlet;
    this.cursor = cursor;
    this.metrics = metrics;
    this.repeatOnce = repeatOnce;
  }

  @Override
  public void begin() {}

  @Override
  public void live(Token token) {
    Cursor.Place place = cursor.place(token.sequence());
    if (skipsBehind && place == Cursor.Place.BEHIND) {
      return;
    }
    switch (place) {
      case AHEAD -> missing(cursor.next(), token.sequence() - 1);
      case BEHIND -> metrics.late.increment();
      case NEXT -> {}
    }
    cursor.passed(token.sequence());
    if (repeatOnce && !token.isDone()) {
      repeatOnce = false;
      outlet.token(token);
    }
    outlet.token(token);
  }

  @Override
  public void missed() {}

  @Override
  public void writable() {}

  @Override
  public void end() {}

  private void missing(long first, long last) {
    metrics.missing.add(last - first + 1);
    outlet.comment("missing " + first + " to " + last);
    if (!logged) {
      logged = true;
      LOG.warn("conversation {}: tokens {} to {} never came", outlet.id(), first, last);
    }
  }
}

package targets.relay.adapter;

import io.netty.util.concurrent.ScheduledFuture;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Passes on every token once and in order: live ones as long as each is the next one, and all
 * others from the store.
 *
 * <p>Nothing is kept here. A token that cannot be passed on at once (a hole before it, a slow
 * client, a replay under way) is let go, for the store has it; only its sequence is remembered, so
 * that the replay goes on until it has caught up.
 */
final class DurableSequencer implements Sequencer {
  private static final int CHECK_GROWTH_MAX = 16;

  /** How far behind a hole a token is looked for that was stored late. */
  private static final int SCAN_MAX = 4096;

  private enum State {
    LIVE,
    /** A read from the store is under way, or will be. */
    REPLAY,
    /** The client does not read. */
    SLOWED,
    OVER
  }

  private final SseStream stream;
  private final StoredTokens stored;
  private final AdapterServer adapter;
  private final boolean fromNow;
  private final long checkMs;

  private State state = State.REPLAY;
  private long next;
  private long position = 1;
  private long seen;
  private long passed;
  private boolean again;
  private Hole hole;
  private int scanned;
  private ScheduledFuture<?> checkTimer;

  /**
   * @param next sequence that the client needs next, or {@link #ANY}
   * @param fromNow whether stored tokens are left out
   */
  DurableSequencer(SseStream stream, long next, boolean fromNow, AdapterServer adapter) {
    this.stream = stream;
    this.next = next;
    this.fromNow = fromNow;
    this.adapter = adapter;
    this.stored = new StoredTokens(stream.id(), stream.loop(), adapter);
    this.checkMs = adapter.settings.check().toMillis();
  }

  /**
   * Tokens that should be in the store and are not, or not yet.
   *
   * @param behind the first token behind the hole
   * @param position of that token; 0 if it only arrived live
   */
  private record Hole(long sinceNs, long behind, long position) {}

  @Override
  public void begin() {
    scheduleCheck(checkMs);
    if (fromNow || next > 1) {
      stored.find(
          fromNow ? Long.MAX_VALUE : next,
          found -> {
            position = found;
            replay();
          });
    } else {
      replay();
    }
  }

  @Override
  public void live(Token token) {
    seen = Math.max(seen, token.sequence());
    if (state != State.LIVE) {
      return;
    }
    if (!stream.isWritable()) {
      state = State.SLOWED;
    } else if (isNext(token)) {
      position = Math.max(position, token.position() + 1);
      pass(token);
    } else if (token.sequence() > next) {
      replay();
    } else {
      adapter.metrics.repeated.increment();
    }
  }

  @Override
  public void missed() {
    if (state == State.LIVE) {
      replay();
    } else {
      again = true;
    }
  }

  @Override
  public void writable() {
    if (state == State.SLOWED) {
      replay();
    }
  }

  @Override
  public void end() {
    state = State.OVER;
    stored.close();
    if (checkTimer != null) {
      checkTimer.cancel(false);
    }
  }

  private boolean isNext(Token token) {
    return next == ANY || token.sequence() == next;
  }

  private void pass(Token token) {
    passed++;
    next = token.sequence() + 1;
    stream.token(token);
  }

  private void replay() {
    state = State.REPLAY;
    stored.next(position, this::replayed);
  }

  private void replayed(Optional<Token> found) {
    if (found.isEmpty()) {
      storeEnded();
      return;
    }
    Token token = found.get();
    if (isNext(token)) {
      position = token.position() + 1;
      returnToHole();
      hole = null;
      adapter.metrics.replayed.increment();
      pass(token);
      goOn();
      return;
    }
    if (token.sequence() > next && (hole == null || hole.position == 0)) {
      openHole(token.sequence(), token.position());
    }
    position = token.position() + 1;
    if (hole != null && ++scanned > SCAN_MAX) {
      storeEnded();
    } else {
      replay();
    }
  }

  private void goOn() {
    if (state == State.OVER) {
      return;
    }
    if (stream.isWritable()) {
      replay();
    } else {
      state = State.SLOWED;
    }
  }

  /** The store has nothing more, at this time. */
  private void storeEnded() {
    if (again) {
      again = false;
      returnToHole();
      replay();
    } else if (hole == null && (seen == 0 || seen < next)) {
      state = State.LIVE;
    } else {
      waitInHole();
    }
  }

  private void waitInHole() {
    long behind = hole == null ? seen + 1 : hole.behind;
    openHole(behind, hole == null ? 0 : hole.position);
    returnToHole();
    if (adapter.clocks.nowNs() - hole.sinceNs < adapter.settings.hole().toNanos()) {
      stored.retry(this::replay);
      return;
    }
    long first = Math.max(1, next);
    long last = behind - 1;
    hole = null;
    next = Math.max(next, last + 1);
    adapter.metrics.missing.add(last - first + 1);
    stream.lost(first, last);
    goOn();
  }

  private void openHole(long behind, long position) {
    long sinceNs = hole == null ? adapter.clocks.nowNs() : hole.sinceNs;
    hole = new Hole(sinceNs, behind, position);
    scanned = 0;
  }

  /** Continues at the first token behind a hole, if its position is known. */
  private void returnToHole() {
    if (hole != null && hole.position > 0) {
      position = hole.position;
    }
  }

  /** A silent stream may have lost its last message; the longer the silence, the rarer the read. */
  private void scheduleCheck(long delayMs) {
    long passedThen = passed;
    Runnable check =
        () -> {
          boolean silent = passed == passedThen;
          if (silent && state == State.LIVE) {
            replay();
          }
          long longer = Math.min(2 * delayMs, CHECK_GROWTH_MAX * checkMs);
          scheduleCheck(silent ? longer : checkMs);
        };
    checkTimer = stream.loop().schedule(check, delayMs, TimeUnit.MILLISECONDS);
  }
}

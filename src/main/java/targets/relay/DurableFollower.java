package targets.relay;

import io.nats.client.Message;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import targets.shared.StoreReader;

/**
 * Passes on every token once and in order: those that come live as long as each is the next one,
 * and all others from the store.
 *
 * <p>Nothing is kept here. Whatever cannot be passed on at once (a hole before it, a slow client, a
 * replay under way) is let go, for the store has it; only its sequence is remembered, so that the
 * replay goes on until it has caught up.
 */
final class DurableFollower implements Follower {
  private static final long RETRY_MS_MIN = 20;
  private static final long RETRY_MS_MAX = 2000;
  private static final int CHECK_GROWTH_MAX = 16;

  /** How far behind a hole a token is looked for that was stored late. */
  private static final int SCAN_MAX = 4096;

  private enum State {
    /** Live tokens are passed on. */
    LIVE,
    /** A question to the store is out, or will be. */
    REPLAY,
    /** The client must make room first. */
    SLOWED,
    OVER
  }

  private final Outlet outlet;
  private final StoreReader store;
  private final AdapterMetrics metrics;
  private final LongSupplier unixNs;
  private final LongSupplier nanoClock;
  private final long checkMs;
  private final long holeNs;
  private final boolean fromNow;
  private final Cursor cursor;

  private State state = State.REPLAY;
  private long position = 1;
  private long seen;
  private long passed;
  private boolean again;
  private Hole hole;
  private PositionSearch search;
  private long retryMs = RETRY_MS_MIN;
  private ScheduledFuture<?> checkTimer;

  /**
   * @param cursor what the client needs next
   * @param fromNow whether the past is not wanted
   * @param parts how long to wait for what
   * @param store has every token
   */
  DurableFollower(
      Outlet outlet, Cursor cursor, boolean fromNow, AdapterParts parts, StoreReader store) {
    this.outlet = outlet;
    this.cursor = cursor;
    this.fromNow = fromNow;
    this.store = store;
    this.metrics = parts.metrics();
    this.unixNs = parts.unixNs();
    this.nanoClock = parts.nanoClock();
    this.checkMs = parts.settings().check().toMillis();
    this.holeNs = parts.settings().hole().toNanos();
  }

  /** Tokens that should be in the store and are not, or not yet. */
  private static final class Hole {
    final long sinceNs;

    /** The first token behind the hole, and where it is; 0 if it was only heard. */
    final long behind;

    final long position;
    int scanned;

    Hole(long sinceNs, long behind, long position) {
      this.sinceNs = sinceNs;
      this.behind = behind;
      this.position = position;
    }
  }

  @Override
  public void begin() {
    scheduleCheck(checkMs);
    if (fromNow || cursor.next() > 1) {
      ask(() -> store.last(Names.storedSubject(outlet.id())), this::lastIs);
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
    if (!outlet.isWritable()) {
      state = State.SLOWED;
      return;
    }
    switch (cursor.place(token.sequence())) {
      case NEXT -> {
        position = Math.max(position, token.position() + 1);
        pass(token);
      }
      case AHEAD -> replay();
      case BEHIND -> metrics.repeated.increment();
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
    if (checkTimer != null) {
      checkTimer.cancel(false);
    }
  }

  private void pass(Token token) {
    passed++;
    cursor.passed(token.sequence());
    outlet.token(token);
  }

  /** Looks for the position from which on the client needs tokens. */
  private void lastIs(Optional<Token> last) {
    long wanted = fromNow ? Long.MAX_VALUE : cursor.next();
    if (last.isEmpty()) {
      replay();
    } else if (last.get().sequence() < wanted) {
      position = last.get().position() + 1;
      replay();
    } else {
      search = new PositionSearch(wanted, last.get().position());
      searchOn();
    }
  }

  private void searchOn() {
    if (search.isOver()) {
      position = search.best();
      replay();
      return;
    }
    ask(
        () -> store.next(Names.storedSubject(outlet.id()), search.probe()),
        found -> {
          found.ifPresentOrElse(
              token -> search.found(token.position(), token.sequence()), search::foundNothing);
          searchOn();
        });
  }

  private void replay() {
    state = State.REPLAY;
    ask(() -> store.next(Names.storedSubject(outlet.id()), position), this::replayed);
  }

  private void replayed(Optional<Token> found) {
    if (found.isEmpty()) {
      atEnd();
      return;
    }
    Token token = found.get();
    switch (cursor.place(token.sequence())) {
      case NEXT -> {
        position = isStored(hole) ? hole.position : token.position() + 1;
        hole = null;
        metrics.replayed.increment();
        pass(token);
        goOn();
      }
      case BEHIND -> scanOn(token);
      case AHEAD -> {
        if (!isStored(hole)) {
          hole = new Hole(holeSinceNs(), token.sequence(), token.position());
        }
        scanOn(token);
      }
    }
  }

  private void scanOn(Token token) {
    position = token.position() + 1;
    if (hole != null && ++hole.scanned > SCAN_MAX) {
      atEnd();
    } else {
      replay();
    }
  }

  private void goOn() {
    if (state == State.OVER) {
      return;
    }
    if (outlet.isWritable()) {
      replay();
    } else {
      state = State.SLOWED;
    }
  }

  /** The store has nothing more, at this time. */
  private void atEnd() {
    if (again) {
      again = false;
      position = isStored(hole) ? hole.position : position;
      replay();
    } else if (hole == null && (seen == 0 || seen < cursor.next())) {
      state = State.LIVE;
    } else {
      waitInHole();
    }
  }

  private void waitInHole() {
    if (hole == null) {
      hole = new Hole(nanoClock.getAsLong(), seen + 1, 0);
    }
    position = isStored(hole) ? hole.position : position;
    if (nanoClock.getAsLong() - hole.sinceNs < holeNs) {
      hole = new Hole(hole.sinceNs, hole.behind, hole.position);
      retry(this::replay);
      return;
    }
    long first = Math.max(1, cursor.next());
    long last = hole.behind - 1;
    hole = null;
    metrics.missing.add(last - first + 1);
    cursor.passed(last);
    outlet.lost(first, last);
    goOn();
  }

  private static boolean isStored(Hole hole) {
    return hole != null && hole.position > 0;
  }

  private long holeSinceNs() {
    return hole == null ? nanoClock.getAsLong() : hole.sinceNs;
  }

  /** Asks until there is an answer; NATS may be away for any time. */
  private void ask(
      Supplier<CompletableFuture<Optional<Message>>> question, Consumer<Optional<Token>> then) {
    var unused =
        question
            .get()
            .whenComplete(
                (answer, failure) -> outlet.loop().execute(() -> take(answer, question, then)));
  }

  /** Takes an answer, null if there was none. */
  private void take(
      Optional<Message> answer,
      Supplier<CompletableFuture<Optional<Message>>> question,
      Consumer<Optional<Token>> then) {
    if (state == State.OVER) {
      return;
    }
    if (answer == null) {
      retry(() -> ask(question, then));
      return;
    }
    retryMs = RETRY_MS_MIN;
    if (answer.isEmpty()) {
      then.accept(Optional.empty());
    } else if (Token.read(answer.get(), unixNs) instanceof Token.Read.Good good) {
      then.accept(Optional.of(good.token()));
    } else {
      // Only somebody else's message can be unreadable: the bridge stores what it has read.
      metrics.troubles.add(Trouble.MALFORMED, "the store holds what is no token message");
      position = Math.max(position, Token.position(answer.get())) + 1;
      replay();
    }
  }

  private void retry(Runnable what) {
    var unused =
        outlet
            .loop()
            .schedule(
                () -> {
                  if (state != State.OVER) {
                    what.run();
                  }
                },
                retryMs,
                TimeUnit.MILLISECONDS);
    retryMs = Math.min(RETRY_MS_MAX, 2 * retryMs);
  }

  /** What is silent may have lost its last message; the longer it is silent, the less is asked. */
  private void scheduleCheck(long delayMs) {
    long passedThen = passed;
    checkTimer =
        outlet
            .loop()
            .schedule(
                () -> {
                  boolean silent = passed == passedThen;
                  if (silent && state == State.LIVE) {
                    replay();
                  }
                  long longer = Math.min(2 * delayMs, CHECK_GROWTH_MAX * checkMs);
                  scheduleCheck(silent ? longer : checkMs);
                },
                delayMs,
                TimeUnit.MILLISECONDS);
  }
}

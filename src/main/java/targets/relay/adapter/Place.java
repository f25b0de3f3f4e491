package targets.relay.adapter;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import targets.relay.message.Guarantee;
import targets.relay.message.TokenStore;
import targets.shared.Replies;
import targets.shared.StoreReader;

/**
 * The place of one client in its conversation: subscribes for it, and decides by their sequence
 * which tokens it gets, from the store and live. Used by the event loop of its stream.
 *
 * <p>In core delivery each token is passed on as it arrives. A gap in the sequence is counted,
 * logged once a stream and shown as a comment; late tokens are counted.
 *
 * <p>In durable delivery every token is passed on once and in order: live ones as long as each is
 * the next one, and all others from the store. Nothing is kept here. A token that cannot be passed
 * on at once (a hole before it, a slow client, a replay under way) is let go, for the store has it;
 * only its sequence is remembered, so that the replay goes on until it has caught up.
 */
final class Place {
  private static final Logger LOG = LoggerFactory.getLogger(Place.class);

  /** The sequence of a client that takes any token as the first. */
  private static final long ANY = 0;

  private static final int CHECK_GROWTH_MAX = 16;
  private static final Duration PAUSE_MAX = Duration.ofSeconds(2);

  /** How far behind a hole a token is looked for that was stored late. */
  private static final int SCAN_MAX = 4096;

  private enum State {
    /** The subscription is not confirmed yet. */
    JOINING,
    LIVE,
    /** A read from the store is under way, or will be. */
    REPLAY,
    /** The client does not read. */
    SLOWED,
    OVER
  }

  private final SseStream stream;
  private final StreamRequest request;
  private final StoreReader.OnLoop store;
  private final StoredTokens stored;
  private final AdapterServer adapter;
  private final boolean durable;
  private final long checkMs;

  private State state = State.JOINING;
  private long next;
  private long position = 1;
  private long seen;
  private long passed;
  private boolean again;
  private boolean logged;
  private Hole hole;
  private int scanned;
  private ScheduledFuture<?> checkTimer;

  Place(SseStream stream, StreamRequest request, AdapterServer adapter) {
    this.stream = stream;
    this.request = request;
    this.adapter = adapter;
    this.durable = adapter.settings.delivery() == Guarantee.DURABLE;
    this.store = adapter.store.on(stream.loop(), TokenStore.subject(request.id()), PAUSE_MAX);
    this.stored = new StoredTokens(store, adapter);
    this.checkMs = adapter.settings.check().toMillis();
    this.next =
        request.lastEventId().isPresent()
            ? request.lastEventId().getAsLong() + 1
            : durable && !request.isFromNow() ? 1 : ANY;
  }

  /**
   * Tokens that should be in the store and are not, or not yet.
   *
   * @param behind the first token behind the hole
   * @param position of that token; 0 if it only arrived live
   */
  private record Hole(long sinceNs, long behind, long position) {}

  /**
   * Subscribes to the conversation, unless the client has its end: without the 204, a browser would
   * reconnect for ever.
   */
  void subscribe() {
    if (!durable || request.lastEventId().isEmpty() || stream.isGreeted()) {
      join(Optional.empty());
      return;
    }
    var unused =
        adapter
            .store
            .last(TokenStore.subject(request.id()))
            .exceptionally(failure -> Optional.empty())
            .thenAccept(last -> loop().execute(() -> join(last.flatMap(adapter::token))));
  }

  private void join(Optional<Token> last) {
    if (state == State.OVER) {
      return;
    }
    if (last.filter(token -> token.isDone() && token.sequence() < next).isPresent()) {
      stream.answerEnded();
    } else {
      adapter.subscriptions.join(request.id(), this);
    }
  }

  EventLoop loop() {
    return stream.loop();
  }

  /** The subscription stands, perhaps again; from now on every token arrives. */
  void joined() {
    if (state == State.JOINING) {
      stream.greet();
    }
    if (state == State.JOINING) { // The greeting may have ended it.
      begin();
    } else {
      missed();
    }
  }

  private void begin() {
    if (!durable) {
      state = State.LIVE;
      return;
    }
    state = State.REPLAY;
    scheduleCheck(checkMs);
    if (request.isFromNow() || next > 1) {
      stored.find(
          request.isFromNow() ? Long.MAX_VALUE : next,
          found -> {
            position = found;
            replay();
          });
    } else {
      replay();
    }
  }

  /** There is no subscription, for this reason. */
  void refused(String reason) {
    if (state == State.JOINING) {
      stream.refuse(Replies.unavailable(reason));
    }
  }

  void live(Token token) {
    if (state == State.JOINING) {
      return;
    }
    seen = Math.max(seen, token.sequence());
    if (state != State.LIVE) {
      return;
    }
    if (!durable) {
      passAsItIs(token);
    } else if (!stream.isWritable()) {
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

  /** Tokens may have been lost since the last one. */
  void missed() {
    if (durable && state == State.LIVE) {
      replay();
    } else if (state != State.JOINING) {
      again = true;
    }
  }

  /** The client reads again. */
  void writable() {
    if (state == State.SLOWED) {
      replay();
    }
  }

  void end() {
    state = State.OVER;
    store.close();
    SseStream.cancel(checkTimer);
    adapter.subscriptions.leave(request.id(), this);
  }

  private void passAsItIs(Token token) {
    if (next != ANY && token.sequence() > next) {
      missing(next, token.sequence() - 1);
    } else if (token.sequence() < next) {
      adapter.metrics.late.increment();
    }
    next = Math.max(next, token.sequence() + 1);
    stream.token(token);
  }

  private void missing(long first, long last) {
    adapter.metrics.missing.add(last - first + 1);
    stream.comment("missing " + first + " to " + last);
    if (!logged) {
      logged = true;
      LOG.warn("conversation {}: tokens {} to {} did not arrive", request.id(), first, last);
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
      store.retry(this::replay);
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

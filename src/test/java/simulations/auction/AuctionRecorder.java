package simulations.auction;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.ObjIntConsumer;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Tally;
import kpi.Within;
import simulations.auction.Ledger.Difference;
import simulations.run.Recording;
import simulations.run.Seat;

/**
 * Records every event that one viewer of an item receives: the amount of each accepted bid in the
 * order of arrival, at most {@link AuctionItem#BIDS_MAX}, and its lag. Thread-safe.
 *
 * <p>Counters of the tally: {@code viewers_connected}, {@code viewers_survived}; {@code
 * broadcasts_received} those with a lag; {@code broadcasts_untimed} those of no bid that was sent;
 * {@code broadcasts_foreign} those of other clients' bids.
 */
public final class AuctionRecorder {
  private static final String TYPE = "\"type\"";
  private static final String PRICE = "\"current_bid\"";
  private static final int FEW = 16;

  /** The item that is viewed. */
  public final AuctionItem item;

  private final Recording recording;
  private final BooleanSupplier givesUp;
  private final long requestedNs;
  private long[] cents = new long[FEW];
  private int[] lagsUs = new int[FEW];
  private int count;
  private long fromCents = EventText.NONE;
  private long leftOut;
  private long gaps;
  private long received;
  private long untimed;
  private long foreign;
  private int longestUs;
  private long connectedNs;
  private long endedNs = Seat.NEVER;
  private boolean connected;
  private boolean over;
  private Outcome outcome = Outcome.OK;

  /** Begins with the request of a connection, which it leaves early once {@code givesUp}. */
  public AuctionRecorder(Recording recording, AuctionItem item, BooleanSupplier givesUp) {
    this.recording = recording;
    this.item = item;
    this.givesUp = givesUp;
    this.requestedNs = recording.nowNs();
    recording.tally().start(requestedNs);
    item.viewedBy(this);
  }

  synchronized AuctionRecorder onFrame(String text) {
    long nowNs = recording.nowNs();
    recording.tally().event();
    if (!connected) {
      connected = true;
      connectedNs = nowNs;
      recording.of(Kpi.CONNECT).record(nowNs - requestedNs);
      item.connected.incrementAndGet();
    }
    long amount = item.form.eventCents(text);
    if (amount != EventText.NONE) {
      onBid(amount, nowNs);
    } else if (EventText.says(text, TYPE, "state")) {
      if (fromCents == EventText.NONE) {
        item.seated.incrementAndGet();
      }
      fromCents = Math.max(0, EventText.cents(text, PRICE));
    } else if (EventText.says(text, TYPE, "gap")) {
      gaps++;
    } else if (item.isDone()) {
      // The item was closed, or opened again: no bid can follow.
      over |= EventText.says(text, TYPE, "closed") || EventText.says(text, TYPE, "opened");
    }
    return this;
  }

  private void onBid(long amount, long nowNs) {
    if (!item.isOwn(amount)) {
      foreign++;
      return;
    }
    long dueNs = item.dueNs(amount);
    int lagUs = 0;
    if (dueNs == AuctionItem.NOT_SENT) {
      untimed++;
    } else {
      received++;
      recording.of(Kpi.BROADCAST_LAG).record(nowNs - dueNs);
      recording.compare(Within.WAKE_LAG, item.sentNs(amount) - dueNs, nowNs - dueNs);
      lagUs = (int) Math.min(Math.max(1, (nowNs - dueNs) / 1_000), Integer.MAX_VALUE);
      longestUs = Math.max(longestUs, lagUs);
    }
    keep(amount, lagUs);
  }

  private void keep(long amount, int lagUs) {
    if (count == AuctionItem.BIDS_MAX) {
      leftOut++;
      return;
    }
    if (count == cents.length) {
      int larger = Math.min(AuctionItem.BIDS_MAX, 2 * count);
      cents = Arrays.copyOf(cents, larger);
      lagsUs = Arrays.copyOf(lagsUs, larger);
    }
    cents[count] = amount;
    lagsUs[count++] = lagUs;
  }

  /** Returns true if the viewer need not stay. */
  synchronized boolean isOver() {
    return over || givesUp.getAsBoolean();
  }

  /** Returns the connection, made with the first frame, as one of several of its user. */
  public synchronized Seat.Connection connection() {
    return new Seat.Connection(
        requestedNs, connected ? connectedNs : Seat.NEVER, endedNs, !survived());
  }

  synchronized int count() {
    return count;
  }

  synchronized double longestMs() {
    return longestUs / 1e3;
  }

  /** Hands over the lag in microseconds of every bid whose due time is known, by its amount. */
  public synchronized void lags(ObjIntConsumer<Long> to) {
    for (int i = 0; i < count; i++) {
      if (lagsUs[i] > 0) {
        to.accept(cents[i], lagsUs[i]);
      }
    }
  }

  /** Ends the recording: by a failure, or empty if the viewer left by itself. */
  synchronized Outcome finish(Optional<Outcome> failure) {
    boolean exact = connected && (!item.isDone() || isExact(difference()));
    outcome = failure.orElse(exact ? Outcome.OK : Outcome.INVALID);
    Tally tally = recording.tally();
    endedNs = recording.nowNs();
    tally.end(outcome, endedNs);
    tally.add("viewers_connected", connected ? 1 : 0);
    tally.add("viewers_survived", connected && failure.isEmpty() ? 1 : 0);
    tally.add("broadcasts_received", received);
    tally.add("broadcasts_untimed", untimed);
    tally.add("broadcasts_foreign", foreign);
    return outcome;
  }

  /** Returns true if the viewer ended the connection itself. */
  public synchronized boolean survived() {
    return connected && (outcome == Outcome.OK || outcome == Outcome.INVALID);
  }

  /** Compares the bids received with the item's ledger, from the state on. */
  synchronized Difference difference() {
    long from = fromCents == EventText.NONE ? item.fromCents() : fromCents;
    return item.ledger().compare(Arrays.copyOf(cents, count), from);
  }

  /** Returns the first thing that is wrong in words; empty if nothing is. */
  synchronized Optional<String> wrong() {
    if (!survived()) {
      return Optional.of("did not stay to the end (" + outcome.counter() + ")");
    }
    Difference difference = difference();
    if (isExact(difference)) {
      return Optional.empty();
    }
    if (difference.firstLost().isPresent()) {
      return Optional.of(
          "never got " + difference.firstLost().get() + ", " + difference.lost() + " in all");
    }
    return Optional.of(
        difference.isNone()
            ? "received " + gaps + " notices of a gap; " + leftOut + " bids did not fit"
            : "differs: " + difference.words());
  }

  private boolean isExact(Difference difference) {
    boolean exact = difference.isNone() && gaps + leftOut == 0;
    return exact || item.bidsLeftOut().isPresent(); // Then nothing can be said of the viewer.
  }
}

package simulations.auction;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Stream;
import verdict.BidOperation;
import verdict.BidOperation.Read;
import verdict.BidOperation.Rejected;
import verdict.BidOperation.Unknown;
import verdict.Numbers;

/**
 * One item and every request about it, as its client saw it. Thread-safe.
 *
 * <p>Memory: at most {@link #BIDS_MAX} bids that were or may have been accepted and as many
 * rejections and reads, of about 70 bytes each: 140 MB when both are full, and three times that
 * while they are audited. What does not fit is counted, and checks that rest on it are
 * inconclusive; a mistake found without some rejections and reads is one all the same.
 */
public final class AuctionItem {
  /** Bids that are kept; of rejections and reads as many. */
  static final int BIDS_MAX = 1_000_000;

  /** The due time of an amount that was not bid, or is not known. */
  static final long NOT_SENT = Long.MIN_VALUE;

  /** The number of viewers that have received a frame. */
  public final AtomicInteger connected = new AtomicInteger();

  /** Viewers that have received the item's state: from here on they get every event. */
  public final AtomicInteger seated = new AtomicInteger();

  final String name;

  /** The paths of its state, its bids and its viewers. */
  final String path;

  final String bidPath;
  final String viewPath;

  /** How its service is spoken to. */
  public final BidForm form;

  private final Queue<AuctionRecorder> viewers = new ConcurrentLinkedQueue<>();
  private final int operationsMax;
  private final List<BidOperation> bids = new ArrayList<>();
  private final List<BidOperation> observations = new ArrayList<>();
  private final List<Failure> failures = new ArrayList<>();
  private final Map<Long, Long> dueNs = new ConcurrentHashMap<>();
  private final Map<Long, Long> sentNs = new ConcurrentHashMap<>();
  private final LongAdder bidsLeftOut = new LongAdder();
  private final LongAdder observationsLeftOut = new LongAdder();
  private final AtomicReference<String> firstFailure = new AtomicReference<>();
  private volatile long fromCents;
  private volatile long fromSequence = BidAnswer.NONE;
  private volatile boolean timed;
  private volatile long toCents = Long.MAX_VALUE;
  private volatile Ledger ledger;

  /** An item of that name, whose service has requests and answers of that form. */
  public AuctionItem(String name, BidForm form) {
    this(name, form, BIDS_MAX);
  }

  AuctionItem(String name, BidForm form, int operationsMax) {
    this.name = name;
    this.form = form;
    this.operationsMax = operationsMax;
    this.path = form.readPath(name);
    this.bidPath = form.bidPath(name);
    this.viewPath = form.viewPath(name);
  }

  /** A request without the answer that was due; its status is 0 without any answer. */
  public record Failure(long callNs, long returnNs, int status) {}

  void firstFailure(Supplier<String> words) {
    if (firstFailure.get() == null) {
      firstFailure.compareAndSet(null, words.get());
    }
  }

  /** Returns what became of the first request that failed; empty if none did. */
  Optional<String> firstFailure() {
    return Optional.ofNullable(firstFailure.get());
  }

  /** Keeps a failed request, at most as many as bids. */
  public synchronized void failed(Failure failure) {
    keep(failure, failures, observationsLeftOut);
  }

  private <T> void keep(T one, List<T> all, LongAdder leftOut) {
    if (all.size() < operationsMax) {
      all.add(one);
    } else {
      leftOut.increment();
    }
  }

  /** Returns the failed requests, in the order of their ends. */
  public synchronized List<Failure> failures() {
    return List.copyOf(failures);
  }

  /** Returns the body of a bid. */
  public String body(String user, long cents) {
    return form.body(name, user, cents);
  }

  void viewedBy(AuctionRecorder viewer) {
    viewers.add(viewer);
  }

  /** Returns the viewers that have come. */
  public List<AuctionRecorder> viewers() {
    return List.copyOf(viewers);
  }

  /** Sets the state before the first bid. A price above 0 is a bid by an unknown client. */
  public void begins(BidAnswer found) {
    fromCents = Math.max(0, found.currentCents());
    fromSequence = found.sequence();
    if (fromCents > 0) {
      add(new Unknown(Long.MIN_VALUE, found.bidder().orElse("unknown"), fromCents));
    }
  }

  /** Limits the run's own bids to this amount; higher ones are bids of other clients. */
  public void ownBidsUpTo(long cents) {
    toCents = cents;
  }

  /** Returns true if a bid of this amount can be one of the run. */
  boolean isOwn(long cents) {
    return cents > fromCents && cents <= toCents;
  }

  /** Returns the price before the first bid in cents. */
  public long fromCents() {
    return fromCents;
  }

  /** Has due times of bids kept, of at most {@link #BIDS_MAX} amounts, for viewers of the load. */
  public void keepDueTimes() {
    timed = true;
  }

  /**
   * Notes when the first bid of an amount is due, from which its lag at viewers counts. Of bids of
   * the same amount the one decided first is accepted, so an amount stands for the first one.
   */
  public void due(long cents, long atNs) {
    if (timed && dueNs.size() < operationsMax) {
      dueNs.putIfAbsent(cents, atNs);
    } else if (timed) {
      bidsLeftOut.increment();
    }
  }

  /** Returns when a bid of this amount was due, or {@link #NOT_SENT}. */
  public long dueNs(long cents) {
    return dueNs.getOrDefault(cents, NOT_SENT);
  }

  /** Notes when a bid of an amount is sent, if that is not when it is due. */
  public void sent(long cents, long atNs) {
    if (dueNs.containsKey(cents)) {
      sentNs.putIfAbsent(cents, atNs);
    }
  }

  /** Returns when a bid of this amount was sent, or {@link #NOT_SENT}. */
  long sentNs(long cents) {
    return sentNs.getOrDefault(cents, dueNs(cents));
  }

  /** Adds a request that has ended. */
  public synchronized void add(BidOperation operation) {
    if (operation instanceof Read || operation instanceof Rejected) {
      keep(operation, observations, observationsLeftOut);
    } else {
      keep(operation, bids, bidsLeftOut);
    }
  }

  /** Returns every request, in no order. */
  public synchronized List<BidOperation> operations() {
    return Stream.of(bids, observations).flatMap(List::stream).toList();
  }

  /** Returns how many bids or due times did not fit, in a sentence; empty if all did. */
  public Optional<String> bidsLeftOut() {
    return words(bidsLeftOut, "bids");
  }

  /** Returns how many rejections and reads did not fit, in a sentence; empty if all did. */
  Optional<String> observationsLeftOut() {
    return words(observationsLeftOut, "rejections and reads");
  }

  private Optional<String> words(LongAdder leftOut, String what) {
    String sentence = "%s %s of item %s were not kept beside %s; shorten the run.";
    return leftOut.sum() == 0
        ? Optional.empty()
        : Optional.of(Numbers.sentence(sentence, leftOut.sum(), what, name, operationsMax));
  }

  /** Every bid has its answer, or will have none. */
  public synchronized void done() {
    ledger = new Ledger(bids, fromCents, fromSequence);
  }

  /** Returns true if every bid has its answer, or will have none. */
  public boolean isDone() {
    return ledger != null;
  }

  /** Returns the accepted bids; after {@link #done}. */
  public Ledger ledger() {
    return ledger;
  }
}

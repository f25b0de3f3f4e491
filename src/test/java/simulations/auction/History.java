package simulations.auction;

import java.util.ArrayList;
import java.util.List;
import verdict.BidOperation;
import verdict.BidOperation.Read;
import verdict.BidOperation.Rejected;

/**
 * Every request about one item, as its client saw it. Thread-safe.
 *
 * <p>Memory: at most {@link #BIDS_MAX} bids that were or may have been accepted, and {@link
 * #OBSERVATIONS_MAX} rejections and reads, of about 70 bytes each: 140 MB when both are full, and
 * three times that while they are audited. Observations that do not fit are left out, which can
 * hide a mistake and never invents one; a bid that does not fit makes the audit inconclusive.
 */
public final class History {
  /** Bids that were or may have been accepted. */
  public static final int BIDS_MAX = 1_000_000;

  /** Rejections and reads. */
  public static final int OBSERVATIONS_MAX = 1_000_000;

  private final int bidsMax;
  private final int observationsMax;
  private final List<BidOperation> bids = new ArrayList<>();
  private final List<BidOperation> observations = new ArrayList<>();
  private long bidsLeftOut;
  private long observationsLeftOut;

  /** With the bounds above. */
  public History() {
    this(BIDS_MAX, OBSERVATIONS_MAX);
  }

  History(int bidsMax, int observationsMax) {
    this.bidsMax = bidsMax;
    this.observationsMax = observationsMax;
  }

  /** Takes a request that has ended, however. */
  public synchronized void add(BidOperation operation) {
    boolean observed = operation instanceof Read || operation instanceof Rejected;
    if (observed && observations.size() < observationsMax) {
      observations.add(operation);
    } else if (observed) {
      observationsLeftOut++;
    } else if (bids.size() < bidsMax) {
      bids.add(operation);
    } else {
      bidsLeftOut++;
    }
  }

  /** Every request, in no order. */
  public synchronized List<BidOperation> operations() {
    List<BidOperation> all = new ArrayList<>(bids.size() + observations.size());
    all.addAll(bids);
    all.addAll(observations);
    return all;
  }

  /** Bids that were or may have been accepted, in no order. */
  public synchronized List<BidOperation> bids() {
    return List.copyOf(bids);
  }

  /** Bids that did not fit. */
  public synchronized long bidsLeftOut() {
    return bidsLeftOut;
  }

  /** Rejections and reads that did not fit. */
  public synchronized long observationsLeftOut() {
    return observationsLeftOut;
  }
}

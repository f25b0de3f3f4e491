package simulations.auction;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import kpi.Kpi;
import kpi.Outcome;
import simulations.run.Recording;
import verdict.BidOperation.Read;

/**
 * One user that reads prices; each answer becomes part of the item's history. Used by one thread at
 * a time.
 *
 * <p>A request is called at the last moment before Gatling sends it and has returned at the first
 * at which Gatling shows the answer, so the span in the history contains the true one.
 */
public class PriceReader {
  static final int OK = 200;

  final Recording recording;
  private static final int EXCERPT_BYTES = 200;
  private final Kpi kpi;
  private final String counter;
  private AuctionItem read;
  private long readNs;
  private boolean reading;
  private boolean sent;
  private boolean cut;

  /** The highest price seen in cents; {@link BidAnswer#NONE} before the first. */
  long highestCents = BidAnswer.NONE;

  /** The body of the last answer. */
  byte[] last = {};

  /** The first failure, if there was one. */
  Outcome outcome = Outcome.OK;

  /**
   * @param kpi of the answers
   * @param counter of answers with a price, such as reads; requests that failed count as
   *     reads_failed
   */
  public PriceReader(Recording recording, Kpi kpi, String counter) {
    this.recording = recording;
    this.kpi = kpi;
    this.counter = counter;
  }

  /** Returns the path of the item that is about to be read. */
  final String reads(AuctionItem item) {
    read = item;
    readNs = recording.nowNs();
    reading = true;
    begins();
    return item.path;
  }

  final void begins() {
    sent = false;
    cut = false;
  }

  /**
   * Notes that the request is sent, and refuses to send it once more, as Gatling does when a kept
   * connection was cut before the first byte of the answer.
   */
  final void sends() {
    cut = sent;
    sent = true;
    if (cut) {
      throw new UncheckedIOException(new IOException("the connection was cut before the answer"));
    }
  }

  final void answered(int status, byte[] body) {
    last = body;
    long nowNs = recording.nowNs();
    recording.tally().event();
    try {
      BidAnswer answer = status == OK ? read.form.read(body) : BidAnswer.EMPTY;
      if (answer.currentCents() >= 0) {
        reading = false;
        recording.tally().add(counter, 1);
        recording.of(kpi).record(nowNs - readNs);
        read.add(new Read(readNs, nowNs, answer.currentCents(), answer.bidder()));
        highestCents = Math.max(highestCents, answer.currentCents());
        return;
      }
    } catch (IOException e) {
      contradicts();
    }
    endRead(status);
  }

  /** Ends a read; one that is still open failed with a status of HTTP, 0 without an answer. */
  final void endRead(int status) {
    if (reading) {
      recording.tally().add(counter + "_failed", 1);
      failed(read, kpi, readNs, status);
    }
    reading = false;
  }

  /** Counts an answer that contradicts itself. */
  final void contradicts() {
    recording.tally().add("answers_wrong", 1);
    outcome = outcome == Outcome.OK ? Outcome.INVALID : outcome;
  }

  /** Notes the failure of a request by its status of HTTP; 0 for none. */
  final void failed(AuctionItem item, Kpi of, long sentNs, int status) {
    long nowNs = recording.nowNs();
    recording.of(of).failed(nowNs - sentNs);
    item.firstFailure(
        () -> {
          String text = new String(last, 0, Math.min(EXCERPT_BYTES, last.length), UTF_8);
          String said = status + " " + text.strip().lines().findFirst().orElse("");
          String what = of == Kpi.BID_ACCEPTED ? "a bid" : "a read of the price";
          String none = cut ? " had its connection cut before the answer" : " had no answer";
          return what + (status == 0 ? none : " was answered: " + said.strip());
        });
    item.failed(new AuctionItem.Failure(sentNs, nowNs, status));
    if (outcome == Outcome.OK) {
      boolean full = status == 503 || status == 429;
      Outcome none = cut ? Outcome.RESET : Outcome.TIMEOUT;
      outcome = status == 0 ? none : full ? Outcome.LIMITED : Outcome.INVALID;
    }
  }
}

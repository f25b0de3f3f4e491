package simulations.fanout;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import kpi.Kpi;
import kpi.Recorders;
import kpi.Tally;
import simulations.auction.BidAnswer;
import simulations.auction.ItemApi;
import simulations.auction.Ledger;

/**
 * The bidder: waits for the viewers of a step, then sends each bid when it is due, whether those
 * before it were answered or not. A thread of its own and a client of the JDK, so that a bid's
 * moment does not depend on how busy the viewers' event loops are.
 *
 * <p>Bids under way: at most timeout / interval.
 */
final class BidSchedule implements Runnable {
  private static final int CREATED = 201;
  private static final int OK = 200;
  private static final long LOOK_NS = 10_000_000;
  private static final long LEAD_NS = 100_000_000;

  /** A service that has not told a viewer its state by then does not tell states. */
  private static final long STATELESS_NS = 2_000_000_000L;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final Step step;
  private final URI api;
  private final Terms terms;
  private final Books books;

  /**
   * How it bids.
   *
   * @param timeout how long an answer may take
   * @param joinWithin how long viewers may take to be there after their ramp
   * @param closes whether the item is closed after the last bid, by which viewers know the end
   */
  record Terms(Duration timeout, Duration joinWithin, boolean closes) {}

  /**
   * Where what it sees goes.
   *
   * @param recorders take latencies
   * @param tally takes counts
   * @param nanoClock monotonic nanoseconds
   * @param givesUp whether something went wrong around the load
   */
  record Books(Recorders recorders, Tally tally, LongSupplier nanoClock, BooleanSupplier givesUp) {}

  BidSchedule(Step step, URI api, Terms terms, Books books) {
    this.step = step;
    this.api = api;
    this.terms = terms;
    this.books = books;
  }

  /** Waits, bids, closes. */
  @Override
  public void run() {
    try {
      ItemApi items = new ItemApi(api);
      String item = step.plan().item();
      awaitViewers();
      find(items, item);
      step.begin(books.nanoClock().getAsLong() + LEAD_NS);
      bid();
      step.done();
      if (terms.closes()) {
        // Opened too: should the first of the two get lost, the second one tells viewers the end.
        items.change(item, "close");
        items.change(item, "open");
      }
    } finally {
      step.done();
    }
  }

  private void awaitViewers() {
    long fromNs = now();
    Step.Plan plan = step.plan();
    long untilNs = fromNs + plan.rampup().plus(terms.joinWithin()).toNanos();
    long welcomedNs = Long.MAX_VALUE;
    while (now() < untilNs && !books.givesUp().getAsBoolean()) {
      boolean welcomed = step.welcomed() >= plan.viewers();
      welcomedNs = welcomed ? Math.min(welcomedNs, now()) : Long.MAX_VALUE;
      boolean stateless = welcomed && step.seated() == 0 && now() - welcomedNs > STATELESS_NS;
      if (step.seated() >= plan.viewers() || stateless) {
        return;
      }
      LockSupport.parkNanos(LOOK_NS);
    }
  }

  private void find(ItemApi items, String item) {
    byte[] told = items.read(item);
    try {
      long cents = Math.max(0, BidAnswer.read(told).currentCents());
      step.found(cents, EventText.number(new String(told, UTF_8), "\"sequence\""));
    } catch (IOException e) {
      step.found(0, EventText.NONE); // Its bids are answered in some way, and that is reported.
    }
  }

  private void bid() {
    List<CompletableFuture<Void>> answers = new ArrayList<>(step.plan().bids());
    for (int bid = 0; bid < step.plan().bids(); bid++) {
      long leftNs = step.dueNs(bid) - now();
      while (leftNs > 0) {
        LockSupport.parkNanos(leftNs);
        leftNs = step.dueNs(bid) - now();
      }
      if (books.givesUp().getAsBoolean()) {
        break;
      }
      answers.add(send(bid));
    }
    answers.forEach(CompletableFuture::join);
  }

  private CompletableFuture<Void> send(int bid) {
    String body = "{\"user_id\":\"gauntlet\",\"amount\":" + Ledger.decimal(step.cents(bid)) + "}";
    HttpRequest request =
        HttpRequest.newBuilder(api.resolve(ItemApi.path(step.plan().item()) + "/bid"))
            .timeout(terms.timeout())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    long sentNs = now();
    step.sent(bid, sentNs);
    return http.sendAsync(request, BodyHandlers.ofByteArray())
        .handle(
            (answer, failure) -> {
              take(bid, sentNs, failure == null ? answer : null);
              return null;
            });
  }

  private void take(int bid, long sentNs, HttpResponse<byte[]> answer) {
    long nowNs = now();
    int status = answer == null ? 0 : answer.statusCode();
    if (status != CREATED && status != OK) {
      step.unknown(bid);
      books.tally().add("bids_unknown", 1);
      return;
    }
    boolean accepted = status == CREATED;
    step.answered(bid, accepted);
    books.tally().add(accepted ? "bids_accepted" : "bids_rejected", 1);
    Kpi kpi = accepted ? Kpi.BID_ACCEPTED : Kpi.BID_REJECTED;
    books.recorders().of(step.plan().phase(), kpi).record(nowNs - sentNs);
    books.recorders().of(step.plan().phase(), Kpi.BID_DUE).record(nowNs - step.dueNs(bid));
  }

  private long now() {
    return books.nanoClock().getAsLong();
  }
}

package simulations.fanout;

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
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import kpi.Kpi;
import simulations.auction.AuctionItem;
import simulations.auction.BidAnswer;
import simulations.auction.ItemApi;
import simulations.auction.Ledger;
import simulations.run.OpenSchedule;
import simulations.run.OpenSchedule.Due;
import simulations.run.Recording;
import simulations.run.Run;
import verdict.BidOperation.Accepted;
import verdict.BidOperation.Unknown;

/**
 * The bidder of a step: waits for its viewers, then sends each bid when it is due, whether those
 * before it were answered or not. Bids under way: at most timeout / interval.
 */
final class OpenBids {
  private static final String USER = "gauntlet";
  private static final int CREATED = 201;
  private static final int OK = 200;
  private static final int LOOK = -1;
  private static final long LOOK_NS = 10_000_000;
  private static final long LEAD_NS = 100_000_000;

  /** A service that has not sent its state to any viewer by then does not send states. */
  private static final long STATELESS_NS = 2_000_000_000L;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final Step step;
  private final AuctionItem item;
  private final FanOutSettings settings;
  private final URI api;
  private final Run run;
  private final Recording recording;
  private final List<CompletableFuture<Void>> answers = new ArrayList<>();
  private final OpenSchedule<Integer> schedule;
  private final long untilNs;
  private long connectedNs = Long.MAX_VALUE;

  /** Starts to wait for the viewers. */
  OpenBids(Step step, FanOutSettings settings, URI api, Run run) {
    this.step = step;
    this.item = step.item();
    this.settings = settings;
    this.api = api;
    this.run = run;
    this.recording = run.recording(step.plan().phase());
    long nowNs = recording.nowNs();
    this.untilNs = nowNs + step.plan().rampup().plus(settings.plan().joinWithin()).toNanos();
    this.schedule =
        new OpenSchedule<>(
            "bidder", run.nanoClock(), this::following, all -> all.forEach(this::act));
    schedule.add(nowNs, LOOK);
  }

  private Optional<Due<Integer>> following(Due<Integer> due) {
    int next = due.item() + 1;
    return due.item() == LOOK || next == step.plan().bids()
        ? Optional.empty()
        : Optional.of(new Due<>(step.dueNs(next), next));
  }

  private void act(Due<Integer> due) {
    boolean last = due.item() == step.plan().bids() - 1;
    if (!run.goesOn()) {
      end();
    } else if (due.item() != LOOK) {
      answers.add(send(due.item()));
      if (last) {
        end();
      }
    } else if (viewersAreThere()) {
      item.begins(found());
      step.begin(recording.nowNs() + LEAD_NS);
      schedule.add(step.dueNs(0), 0);
    } else {
      schedule.add(recording.nowNs() + LOOK_NS, LOOK);
    }
  }

  private boolean viewersAreThere() {
    long nowNs = recording.nowNs();
    boolean connected = item.connectedViewers() >= step.plan().viewers();
    connectedNs = connected ? Math.min(connectedNs, nowNs) : Long.MAX_VALUE;
    boolean stateless =
        connected && item.seatedViewers() == 0 && nowNs - connectedNs > STATELESS_NS;
    return item.seatedViewers() >= step.plan().viewers() || stateless || nowNs >= untilNs;
  }

  private BidAnswer found() {
    try {
      return new ItemApi(api).read(item);
    } catch (IOException e) {
      return BidAnswer.EMPTY; // The answers to its bids show the reason.
    }
  }

  private CompletableFuture<Void> send(int bid) {
    long cents = step.cents(bid);
    String body = "{\"user_id\":\"" + USER + "\",\"amount\":" + Ledger.decimal(cents) + "}";
    HttpRequest request =
        HttpRequest.newBuilder(api.resolve(item.path() + "/bid"))
            .timeout(settings.auction().timeout())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    long sentNs = recording.nowNs();
    step.sent(bid, sentNs);
    return http.sendAsync(request, BodyHandlers.discarding())
        .handle(
            (answer, failure) -> {
              take(bid, sentNs, failure == null ? answer : null);
              return null;
            });
  }

  private void take(int bid, long sentNs, HttpResponse<Void> answer) {
    long nowNs = recording.nowNs();
    long cents = step.cents(bid);
    int status = answer == null ? 0 : answer.statusCode();
    if (status != CREATED && status != OK) {
      item.add(new Unknown(sentNs, USER, cents));
      recording.tally().add("bids_unknown", 1);
      return;
    }
    boolean accepted = status == CREATED;
    if (accepted) {
      item.add(new Accepted(sentNs, nowNs, USER, cents, OptionalLong.empty()));
    }
    recording.tally().add(accepted ? "bids_accepted" : "bids_rejected", 1);
    recording.of(accepted ? Kpi.BID_ACCEPTED : Kpi.BID_REJECTED).record(nowNs - sentNs);
    recording.of(Kpi.BID_DUE).record(nowNs - step.dueNs(bid));
  }

  /** Waits for the answers; closes an item of the run's own, by which viewers know the end. */
  private void end() {
    schedule.close();
    answers.forEach(CompletableFuture::join);
    item.done();
    if (settings.plan().itemId().isEmpty()) {
      new ItemApi(api).end(item);
    }
  }
}

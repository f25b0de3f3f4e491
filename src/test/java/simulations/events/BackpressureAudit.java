package simulations.events;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import kpi.Kpi;
import simulations.run.Checks;
import simulations.run.Checks.Finding;
import verdict.Numbers;

/** The checks of the backpressure simulation. */
public final class BackpressureAudit extends EventsAudit<BackpressureLoad> {
  /** Beyond the freeze: the connection, and the end of what was sent. */
  private static final Duration BESIDE_BOUND = Duration.ofSeconds(10);

  public BackpressureAudit(BackpressureLoad load) {
    super(load);
  }

  @Override
  public void settle() {
    load.beside.end(load.plan.freeze().plus(BESIDE_BOUND));
    super.settle();
  }

  @Override
  public void check(Checks checks) {
    events(checks);
    checks
        .of(Kpi.FAST_UNAFFECTED.word())
        .needs(planned, BackpressureLoad.PACE)
        .judge(this::unaffected);
    checks
        .of("frozen_clients_closed")
        .needs(planned, "The send timeout of the server is not known; -Dverify=yes checks it.")
        .needs(!load.frozen.isEmpty(), "There were no frozen clients in this run (-Dfrozen).")
        .judge(
            () ->
                all(
                    load.frozen,
                    "closed",
                    "Each client that read nothing was closed by the server."));
    checks
        .of("slow_clients_served")
        .needs(planned, EventsSettings.UNPLANNED)
        .needs(!load.slow.isEmpty(), "There were no slow clients in this run (-Dslow).")
        .judge(
            () -> all(load.slow, "served", "Each client that read slowly was served to its end."));
    returns(checks);
  }

  private Finding unaffected() {
    double least = load.plan.unaffected();
    double share = load.unaffected().orElse(0);
    String figure = Numbers.words(share, "%");
    return Finding.of(
            share >= least,
            figure,
            ">= " + Numbers.words(least, "%"),
            "Slow and frozen clients cost the fast ones nothing.",
            "Beside slow and frozen clients no event of the fast ones was overdue in only "
                + figure
                + " of the time that it was without them.")
        .onlyIf(load.unaffected().isPresent(), "No fast client had a gap.");
  }

  /** Names each client that did not end as it should. */
  private static Finding all(List<SlowClient> clients, String word, String good) {
    List<SlowClient.End> ends = clients.stream().flatMap(client -> client.end().stream()).toList();
    long right = ends.stream().filter(SlowClient.End::isRight).count();
    String figure = right + " of " + clients.size() + " " + word;
    String bad =
        ends.stream()
                .filter(end -> !end.isRight())
                .map(SlowClient.End::sentence)
                .collect(Collectors.joining("; "))
            + ".";
    return Finding.of(right == ends.size(), figure, "all", good, bad)
        .onlyIf(
            ends.size() == clients.size() || right < ends.size(),
            "Not every one of these clients came to its end.");
  }
}

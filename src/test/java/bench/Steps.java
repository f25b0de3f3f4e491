package bench;

import gauntlet.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import stack.StackFailure;

/** Steps of a load through one lane, each with receivers of its own. */
final class Steps {
  private static final Duration QUIET = Duration.ofSeconds(3);
  private static final Duration LATE = Duration.ofSeconds(10);
  private static final Duration BEHIND_MAX = Duration.ofSeconds(5);
  private static final Duration PROBE_BOUND = Duration.ofSeconds(2);
  private static final long IDLE_NS = 5_000_000;
  private static final int BATCH_MAX = 256;

  /** Messages before those of the plan, which show who is connected. */
  private static final int PROBES_MAX = 30;

  private final Lane lane;
  private int steps;
  private int number;

  Steps(Lane lane) {
    this.lane = lane;
  }

  /**
   * One measured step; CPU in µs for each message.
   *
   * @param arrivals of the whole load
   * @param during messages that arrived while the CPU was measured
   */
  record Row(String lane, String load, Arrivals.Summary arrivals, int during, Meter.Cost cost) {
    /** Returns why the step does not hold; empty if it does. */
    String failure(Duration limit) {
      if (arrivals.lost() != 0) {
        return Table.count(arrivals.lost()) + " lost";
      }
      return arrivals.p99Ms() < limit.toMillis() ? "" : "p99 not below " + limit.toMillis() + " ms";
    }

    static List<String> table(List<Row> rows, Duration limit) {
      Table table =
          new Table(
              "lane | load | received/s | lost | lag p50 ms | p99 ms | max ms"
                  + " | CPU us/message | others % | holds");
      for (Row row : rows) {
        table.row(
            row.lane,
            row.load,
            Table.number(row.during / row.cost.seconds(), 0),
            Table.count(row.arrivals.lost()),
            Table.number(row.arrivals.p50Ms(), 2),
            Table.number(row.arrivals.p99Ms(), 2),
            Table.number(row.arrivals.maxMs(), 1),
            row.cost.cpuS().keySet().stream()
                .map(each -> each + " " + Table.number(row.us(each), 1))
                .collect(Collectors.joining(", ")),
            Table.number(row.cost.othersPct(), 0),
            row.failure(limit).isEmpty() ? "yes" : row.failure(limit));
      }
      return table.lines();
    }

    double us(String process) {
      return cost.us(process, during);
    }
  }

  /** Runs a step at a rate; where receivers send requests there are as many as the rate. */
  Row run(int receivers, int rate, Duration length) throws IOException, InterruptedException {
    boolean closed = lane.kind() == Plan.Kind.CLOSED;
    int messages = (int) Math.max(1, rate * length.toMillis() / 1000);
    Plan plan = new Plan(lane.kind(), closed ? rate : receivers, rate, messages, first(messages));
    return run(plan, rate + (closed ? " users" : "/s"), length, () -> {});
  }

  /** Sends one message to every receiver, then does something while all are open and idle. */
  Row idle(int receivers, Runnable whileOpen) throws IOException, InterruptedException {
    boolean toAll = lane.kind() == Plan.Kind.TO_ALL;
    Plan plan =
        toAll
            ? new Plan(lane.kind(), receivers, 1, 1, first(1))
            : new Plan(Plan.Kind.BY_TURNS_OPEN, receivers, 1000, receivers, 1);
    return run(plan, receivers + " idle", Duration.ofSeconds(1), whileOpen);
  }

  /** Numbers of messages to all go on, so that those of an earlier step are not counted. */
  private int first(int messages) {
    if (lane.kind() != Plan.Kind.TO_ALL) {
      return 1;
    }
    number += PROBES_MAX + messages;
    return number - messages + 1;
  }

  /** Measures paced streams for a length from their first connection on. */
  Row streams(Plan plan, Duration length) throws IOException, InterruptedException {
    return run(plan, plan.receivers() + " streams", length, () -> {});
  }

  private Row run(Plan plan, String name, Duration length, Runnable whileOpen)
      throws IOException, InterruptedException {
    steps++;
    Arrivals load = new Arrivals("bench-" + lane.name() + "-" + steps, plan);
    long connectNs = System.nanoTime();
    try (Receivers receivers = lane.end().apply(load)) {
      receivers.awaitOpen();
      if (plan.kind() == Plan.Kind.TO_ALL) {
        reachAll(load);
      }
      int before = load.received();
      Meter meter = new Meter(lane.pids());
      long startNs = System.nanoTime();
      switch (plan.kind()) {
        case CLOSED -> TimeUnit.MILLISECONDS.sleep(length.toMillis());
        case PACED -> TimeUnit.NANOSECONDS.sleep(length.toNanos() - (startNs - connectNs));
        case BY_TURNS, BY_TURNS_OPEN, TO_ALL -> {
          load.start(startNs);
          publish(load, startNs);
          load.awaitAll(QUIET);
        }
      }
      Meter.Cost cost = meter.end();
      int during = load.received() - before;
      if (plan.kind() == Plan.Kind.PACED) {
        load.awaitAll(LATE);
      }
      whileOpen.run();
      return new Row(lane.name(), name, load.summary(), during, cost);
    }
  }

  /** Publishes each message when it is due, however late the receivers are. */
  private void publish(Arrivals load, long startNs) throws IOException, InterruptedException {
    Plan plan = load.plan();
    for (int sent = 0; sent < plan.messages(); ) {
      long sinceNs = System.nanoTime() - startNs;
      int count = Math.min(BATCH_MAX, plan.due(sinceNs) - sent);
      if (count > 0 && sinceNs - plan.publishNs(sent) > BEHIND_MAX.toNanos()) {
        return; // What is not sent in time is lost.
      } else if (count > 0) {
        lane.sender().send(load, sent, count);
        sent += count;
      } else {
        LockSupport.parkNanos(Math.min(IDLE_NS, Math.max(1, plan.publishNs(sent) - sinceNs)));
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
    }
  }

  /** A WebSocket may be open before its server has subscribed it. */
  private void reachAll(Arrivals load) throws IOException, InterruptedException {
    for (int probe = -PROBES_MAX; probe < 0; probe++) {
      lane.sender().send(load, probe, 1);
      if (load.awaitReached(PROBE_BOUND)) {
        return;
      }
    }
    throw new StackFailure("some receivers have no message after " + PROBES_MAX);
  }
}

package bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import settings.SettingsReader;

/**
 * A rising load through each lane, one lane after the other. A step holds if nothing is lost and
 * the lag's p99 is below the limit in one of a few tries; a lane ends at the first that does not.
 */
record RateComparison(
    List<String> lanes, int receivers, List<Integer> rates, Duration duration, Limit limit)
    implements Bench.Comparison {
  private static final Duration HOUR = Duration.ofHours(1);

  /** Tokens a second from Redis to streams. */
  static final Bench.Kind RELAY =
      kind(Lanes.RELAY, "1000,2000,4000,8000,16000,32000,64000", "100", "20ms", "3");

  /** Messages a second of one feed to many WebSockets. */
  static final Bench.Kind FANOUT = kind(Lanes.FANOUT, "10,20,50", "1000", "1s", "1");

  /** Users who bid without pauses. */
  static final Bench.Kind BIDS = kind(Lanes.BIDS, "100,1000,2000", "2000", "10s", "1");

  record Limit(Duration p99, int tries) {}

  private static Bench.Kind kind(
      List<String> lanes, String rates, String receivers, String limit, String tries) {
    return new Bench.Kind(
        Map.of(
            "lanes", String.join(",", lanes),
            "rates", rates,
            "receivers", receivers,
            "duration", "10s",
            "limit", limit,
            "tries", tries),
        from -> read(from, lanes));
  }

  private static RateComparison read(SettingsReader from, List<String> lanes) {
    return new RateComparison(
        Bench.names(from, lanes),
        from.integer("receivers", 1, 100_000),
        Bench.numbers(from, "rates"),
        from.duration("duration", Duration.ofMillis(100), HOUR),
        new Limit(
            from.duration("limit", Duration.ofMillis(1), HOUR), from.integer("tries", 1, 10)));
  }

  @Override
  public List<String> run(Stage stage, Consumer<String> progress)
      throws IOException, InterruptedException {
    List<Steps.Row> rows = new ArrayList<>();
    for (String name : Lanes.installed(lanes, progress)) {
      try (Stage own = new Stage(stage.folder().resolve(name))) {
        Lane lane = Lanes.start(name, own, receivers);
        if (lane.kind() == Plan.Kind.CLOSED) {
          progress.accept(RedisFloor.beside(own, duration).toString());
        }
        rows.addAll(steps(new Steps(lane), progress));
      }
    }
    return Steps.Row.table(rows, limit.p99());
  }

  private List<Steps.Row> steps(Steps steps, Consumer<String> progress)
      throws IOException, InterruptedException {
    List<Steps.Row> rows = new ArrayList<>();
    steps.run(receivers, rates.get(rates.size() / 2), duration); // Warms the processes up.
    for (int rate : rates) {
      String failure = "";
      for (int attempt = 1;
          attempt == 1 || (attempt <= limit.tries() && !failure.isEmpty());
          attempt++) {
        Steps.Row row = steps.run(receivers, rate, duration);
        rows.add(row);
        failure = row.failure(limit.p99());
        progress.accept(Steps.Row.table(List.of(row), limit.p99()).get(1));
      }
      if (!failure.isEmpty()) {
        return rows;
      }
    }
    return rows;
  }
}

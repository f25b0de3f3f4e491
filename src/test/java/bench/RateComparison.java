package bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import settings.Checked;
import settings.Option;
import settings.SettingsReader;

/**
 * A rising load through each lane, one lane after the other. A step holds if nothing is lost and
 * the lag's p99 is below the limit in one of a few tries; a lane ends at the first that does not.
 */
record RateComparison(
    @Option(Lanes.RELAY) List<String> lanes,
    @Option(value = "1000,2000,4000,8000,16000,32000,64000", in = "1..9999999") List<Integer> rates,
    @Option(value = "100", in = "1..100000") int receivers,
    @Option(value = "10s", in = "100ms..1h") Duration duration,
    @Option(value = "20ms", in = "1ms..1h") Duration limit,
    @Option(value = "3", in = "1..10") int tries)
    implements Bench.Comparison, Checked {
  /** Messages a second of one feed to many WebSockets, in place of tokens a second to streams. */
  static final Map<String, String> FANOUT = others(Lanes.FANOUT, "10,20,50", "1000", "1s");

  /** Events a second of one broadcast to many event streams. */
  static final Map<String, String> SSE = others(Lanes.SSE, "10,20,50", "1000", "1s");

  /** Users who bid without pauses. */
  static final Map<String, String> BIDS = others(Lanes.BIDS, "100,1000,2000", "2000", "10s");

  private static Map<String, String> others(
      String lanes, String rates, String receivers, String limit) {
    return Map.of(
        "lanes", lanes, "rates", rates, "receivers", receivers, "limit", limit, "tries", "1");
  }

  @Override
  public void check(SettingsReader reader) {
    if (!rates.equals(rates.stream().sorted().distinct().toList())) {
      reader.error("rates", "'" + rates + "' must be rising numbers such as 1000,2000,4000");
    }
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
    return Steps.Row.table(rows, limit);
  }

  private List<Steps.Row> steps(Steps steps, Consumer<String> progress)
      throws IOException, InterruptedException {
    List<Steps.Row> rows = new ArrayList<>();
    steps.run(receivers, rates.get(rates.size() / 2), duration); // Warms the processes up.
    for (int rate : rates) {
      String failure = "";
      for (int attempt = 1; attempt == 1 || (attempt <= tries && !failure.isEmpty()); attempt++) {
        Steps.Row row = steps.run(receivers, rate, duration);
        rows.add(row);
        failure = row.failure(limit);
        progress.accept(Steps.Row.table(List.of(row), limit).get(1));
      }
      if (!failure.isEmpty()) {
        return rows;
      }
    }
    return rows;
  }
}

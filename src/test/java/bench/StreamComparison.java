package bench;

import gauntlet.Table;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import kpi.Median;
import settings.Checked;
import settings.Option;
import settings.SettingsReader;

/**
 * The same streams through each lane, in rounds after one that is not counted; the order turns by
 * one with each round. CPU is measured while all streams are open. Figures are medians of rounds.
 */
record StreamComparison(
    @Option(Lanes.STREAMS) List<String> lanes,
    @Option(value = "1000", in = "1..50000") int streams,
    @Option(value = "163", in = "1..9999") int tokens,
    @Option(value = "10s", in = "1ms..1h") Duration duration,
    @Option(value = "5s", in = "1ms..1h") Duration rampup,
    @Option(value = "3", in = "1..100") int rounds)
    implements Bench.Comparison, Checked {
  /** The measurement ends so long before the first stream does. */
  private static final Duration MARGIN = Duration.ofMillis(200);

  private static final double US_PER_MS = 1000;
  private static final double BYTES_PER_MB = 1e6;

  @Override
  public void check(SettingsReader reader) {
    if (duration.minus(rampup).compareTo(Duration.ofMillis(1200)) < 0) {
      reader.error("rampup", "must be at least 1.2s shorter than duration");
    }
  }

  @Override
  public List<String> run(Stage stage, Consumer<String> progress)
      throws IOException, InterruptedException {
    String most = Integer.toString(2 * streams + 100);
    URI llm = stage.target("llm", Lanes.SMALL, "--max-streams", most).url();
    List<Lane> all =
        Lanes.installed(lanes, progress).stream()
            .map(name -> Lanes.streams(name, stage, llm, streams, rampup))
            .toList();
    List<Map<String, Steps.Row>> measured = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      Map<String, Steps.Row> legs = new LinkedHashMap<>();
      List<Lane> turned = new ArrayList<>(all);
      Collections.rotate(turned, -round);
      for (Lane lane : turned) {
        Steps.Row leg =
            new Steps(lane).streams(Plan.paced(streams, tokens, duration), duration.minus(MARGIN));
        legs.put(lane.name(), leg);
        progress.accept(
            String.format(
                Locale.ROOT,
                "round %s, %s: p50 %.2f ms, CPU %.2f us/event",
                round,
                lane.name(),
                leg.arrivals().p50Ms(),
                leg.us(lane.name())));
      }
      if (round > 0) {
        measured.add(legs);
      }
    }
    return summary(all, measured);
  }

  private static List<String> summary(List<Lane> lanes, List<Map<String, Steps.Row>> rounds) {
    Table table =
        new Table(
            "lane | events | lost | CPU us/event | of gauntlet"
                + " | receiver CPU us/event | added p50 us | p99 us | RSS MB");
    for (Lane lane : lanes) {
      String name = lane.name();
      table.row(
          name,
          Table.count(
              rounds.stream().mapToLong(legs -> legs.get(name).arrivals().received()).sum()),
          Table.count(rounds.stream().mapToLong(legs -> legs.get(name).arrivals().lost()).sum()),
          median(rounds, 2, legs -> legs.get(name).us(name)),
          median(rounds, 2, legs -> legs.get(name).us(name) / gauntletUs(legs)),
          median(rounds, 2, legs -> legs.get(name).us(Meter.BENCH)),
          median(rounds, 0, legs -> addedUs(legs, name, Arrivals.Summary::p50Ms)),
          median(rounds, 0, legs -> addedUs(legs, name, Arrivals.Summary::p99Ms)),
          lane.pids().isEmpty() ? "-" : Table.number(lane.rssBytes() / BYTES_PER_MB, 1));
    }
    return table.lines();
  }

  private static double gauntletUs(Map<String, Steps.Row> legs) {
    Steps.Row gauntlet = legs.get(Lanes.GAUNTLET);
    return gauntlet == null ? Double.NaN : gauntlet.us(Lanes.GAUNTLET);
  }

  /** Returns the lag of a lane less that of the direct one in the same round. */
  private static double addedUs(
      Map<String, Steps.Row> legs, String lane, ToDoubleFunction<Arrivals.Summary> percentile) {
    Steps.Row direct = legs.get(Lanes.DIRECT);
    double own = percentile.applyAsDouble(legs.get(lane).arrivals());
    return direct == null || lane.equals(Lanes.DIRECT)
        ? Double.NaN
        : (own - percentile.applyAsDouble(direct.arrivals())) * US_PER_MS;
  }

  private static String median(
      List<Map<String, Steps.Row>> rounds,
      int decimals,
      ToDoubleFunction<Map<String, Steps.Row>> figure) {
    return Table.number(
        Median.of(rounds.stream().mapToDouble(figure).filter(value -> !Double.isNaN(value))),
        decimals);
  }
}

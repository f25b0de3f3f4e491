package bench;

import gauntlet.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import settings.Option;

/**
 * Memory of a lane's server for each connection that is idle after one message. The memory before
 * is measured after 100 connections, now closed, so that it includes what is loaded once.
 */
record IdleComparison(
    @Option(Lanes.FANOUT + "," + Lanes.SSE + "," + Lanes.RELAY) List<String> lanes,
    @Option(value = "5000", in = FEW + "..15000") int connections)
    implements Bench.Comparison {
  private static final int FEW = 100;

  /** Memory in bytes; of a JVM also its live heap and direct buffers. */
  private record Held(long rss, OptionalDouble live) {
    static Held by(Lane lane) {
      OptionalDouble live = lane.target().stream().mapToDouble(Meter::liveBytes).findFirst();
      return new Held(lane.rssBytes(), live);
    }
  }

  @Override
  public List<String> run(Stage stage, Consumer<String> progress)
      throws IOException, InterruptedException {
    Table table =
        new Table("lane | connections | lost | RSS bytes each | live heap and buffers each");
    for (String name : Lanes.installed(lanes, progress)) {
      try (Stage own = new Stage(stage.folder().resolve(name))) {
        row(table, Lanes.start(name, own, connections));
        progress.accept(table.lines().get(table.lines().size() - 1));
      }
    }
    return table.lines();
  }

  private void row(Table table, Lane lane) throws IOException, InterruptedException {
    Steps steps = new Steps(lane);
    steps.run(FEW, FEW, Duration.ofSeconds(10));
    Held before = Held.by(lane);
    Held[] open = new Held[1];
    Steps.Row row = steps.idle(connections, () -> open[0] = Held.by(lane));
    OptionalDouble live =
        before.live().stream()
            .map(less -> (open[0].live().orElse(0) - less) / connections)
            .findFirst();
    table.row(
        lane.name(),
        Table.count(connections),
        Table.count(row.arrivals().lost()),
        Table.number((double) (open[0].rss() - before.rss()) / connections, 0),
        Table.number(live, 0));
  }
}

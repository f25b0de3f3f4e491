package simulations.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import kpi.MetricsSource;

/**
 * The watcher of an event server as its metrics show it, read ten times a second and kept by stage:
 * a few numbers each. Thread-safe.
 */
final class WatcherLog implements Runnable {
  private static final long EVERY_MS = 100;

  private final MetricsSource source;
  private final List<Seen> stages = new ArrayList<>();
  private JsonNode last = MissingNode.getInstance();
  private volatile boolean ended;

  /** What was seen in a stage so far; read it when the log has ended. */
  static final class Seen {
    final int clients;
    final String stage;
    private final long startedBefore;
    int readings;
    long watchersMax;

    /** Fewest watchers while all clients were registered; the largest long if they never were. */
    long watchersMin = Long.MAX_VALUE;

    long registeredMax;
    long threadsMax;
    long started;

    /** Whether the server was without watcher and registrations when it was read last. */
    boolean idle;

    private Seen(String stage, int clients, long startedBefore) {
      this.stage = stage;
      this.clients = clients;
      this.startedBefore = startedBefore;
    }

    private void take(JsonNode metrics) {
      long watchers = metrics.path("watchers").asLong();
      long registered = metrics.path("registered_events").asLong();
      readings += registered > 0 ? 1 : 0;
      watchersMax = Math.max(watchersMax, watchers);
      watchersMin = registered >= clients ? Math.min(watchersMin, watchers) : watchersMin;
      registeredMax = Math.max(registeredMax, registered);
      threadsMax = Math.max(threadsMax, metrics.path("num_threads").asLong());
      started = metrics.path("watchers_started").asLong() - startedBefore;
      idle = readings > 0 && watchers == 0 && registered == 0;
    }
  }

  WatcherLog(MetricsSource source) {
    this.source = source;
  }

  /** Begins a stage with its first client; readings are those of this stage from now on. */
  synchronized void begin(String stage, int clients) {
    if (stages.stream().noneMatch(seen -> seen.stage.equals(stage))) {
      stages.add(new Seen(stage, clients, last.path("watchers_started").asLong()));
    }
  }

  /** Returns true if so many streams are registered now. */
  synchronized boolean has(int clients) {
    return last.path("registered_events").asLong() >= clients;
  }

  /** Returns true once the server was seen idle after the streams of the last stage. */
  synchronized boolean isIdle() {
    return !stages.isEmpty() && stages.get(stages.size() - 1).idle;
  }

  synchronized List<Seen> stages() {
    return List.copyOf(stages);
  }

  /** Reads until it is ended. */
  @Override
  public void run() {
    try {
      while (!ended) {
        take(source.read().join());
        TimeUnit.MILLISECONDS.sleep(EVERY_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // The run ends.
    }
  }

  void end() {
    ended = true;
  }

  /** Takes a reading; one without the figures of a watcher is left out. */
  synchronized void take(JsonNode metrics) {
    if (metrics.has("watchers")) {
      last = metrics;
      stages.stream().skip(Math.max(0, stages.size() - 1)).forEach(seen -> seen.take(metrics));
    }
  }
}

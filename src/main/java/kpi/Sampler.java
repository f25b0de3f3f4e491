package kpi;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * Once a second, or less often in a run of many hours, ends the recorders' interval, reads the
 * figures of every process and writes a line; ten times a second counts the open streams, for their
 * mean over time. Has a thread of its own, so that a stalled injector is still sampled.
 */
public final class Sampler implements AutoCloseable {
  private static final int TICK_MS = 100;

  /** Most samples of a run, which are all kept. */
  private static final int SAMPLES_MAX = 7_200;

  private static final int STOP_BOUND_S = 5;

  /** Where targets report their open streams. */
  private static final List<String> GAUGES =
      List.of(
          "/active_streams",
          "/streams_open",
          "/proxy/active_connections",
          "/active_connections",
          "/viewers");

  private final Measured run;
  private final Consumer<Sample> onSample;
  private final Consumer<IOException> onError;
  private final HistogramLogs logs;
  private final SampleLog lines;
  private final ScheduledExecutorService thread;

  /** Has a thread of its own, which waits for no target that does not answer. */
  private final ScheduledExecutorService counting;

  private final List<Sample> samples = new ArrayList<>();
  private final List<Gauge> gauges = new ArrayList<>();
  private final Map<Phase, Double> streamSeconds = new EnumMap<>(Phase.class);
  private long eventsBefore;
  private double sampledS;
  private double tickedS;
  private Map<String, ProcessSample> before = Map.of();
  private boolean broken;
  private Future<?> ticking;

  /**
   * Opens the files; sampling starts with {@link #start}.
   *
   * @param onSample called on the sampler's thread with each sample
   * @param onError called once if a file cannot be written; sampling then goes on without files
   * @throws IOException if the files cannot be created
   */
  public Sampler(
      RunFolder folder, Measured run, Consumer<Sample> onSample, Consumer<IOException> onError)
      throws IOException {
    this.run = run;
    this.onSample = onSample;
    this.onError = onError;
    this.logs = new HistogramLogs(folder, Instant.now().toEpochMilli());
    this.lines = new SampleLog(folder);
    this.thread =
        Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("sampler", true));
    this.counting =
        Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("streams", true));
  }

  /** How many more streams a process had open at a moment than were recorded. */
  private record Gauge(double t, String process, long more) {}

  /** What is sampled, every so many seconds. */
  public record Measured(
      Recorders recorders,
      Map<Phase, Tally> tallies,
      Timeline timeline,
      List<MetricsSource> sources,
      int sampleS) {}

  /** Returns the seconds of a sample: one in a run of up to two hours, so many that all fit. */
  public static int sampleS(Duration longest) {
    return (int) Math.max(1, (longest.toSeconds() + SAMPLES_MAX - 1) / SAMPLES_MAX);
  }

  public void start() {
    var unused = counting.scheduleAtFixedRate(this::count, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    int everyS = run.sampleS();
    ticking = thread.scheduleAtFixedRate(this::sample, everyS, everyS, TimeUnit.SECONDS);
  }

  /** Takes a last sample and stops; after it {@link #samples} and the totals are complete. */
  @Override
  public void close() {
    if (thread.isShutdown()) {
      return;
    }
    counting.shutdownNow();
    boolean stopped = ticking != null && ticking.isDone();
    thread.execute(this::sample);
    thread.shutdown();
    try {
      if (!thread.awaitTermination(STOP_BOUND_S, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
      if (stopped) {
        ticking.get();
      }
    } catch (ExecutionException e) {
      fail(new IOException("the sampler stopped by itself", e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    logs.close();
    unlessBroken(lines::close);
  }

  /** Returns every sample so far, oldest first, without intervals; call it after {@link #close}. */
  public List<Sample> samples() {
    return List.copyOf(samples);
  }

  /**
   * Returns how many more streams a process had open than were recorded, mean of the samples in
   * which it reported a gauge; empty if there was none. Call it after {@link #close}.
   */
  public OptionalDouble openMore(String process, double fromS, double toS) {
    return gauges.stream()
        .filter(each -> each.process.equals(process) && each.t >= fromS && each.t <= toS)
        .mapToDouble(each -> each.more)
        .average();
  }

  /** Returns the sum over time of open streams, in stream-seconds. */
  public synchronized double streamSeconds(Phase phase) {
    return streamSeconds.getOrDefault(phase, 0.0);
  }

  private synchronized void count() {
    double now = run.timeline().nowS();
    double elapsed = now - tickedS;
    tickedS = now;
    run.tallies()
        .forEach((phase, tally) -> streamSeconds.merge(phase, tally.open() * elapsed, Double::sum));
  }

  private void sample() {
    double now = run.timeline().nowS();
    double elapsed = now - sampledS;
    Map<Kpi, Histogram> intervals = rotate(sampledS, now);
    Collection<Tally> tallies = run.tallies().values();
    long events = tallies.stream().mapToLong(Tally::events).sum();
    long started = tallies.stream().mapToLong(Tally::started).sum();
    Map<String, ProcessSample> processes = readProcesses(elapsed);
    Sample sample =
        new Sample(
            now,
            run.timeline().current(),
            elapsed > 0 ? (events - eventsBefore) / elapsed : 0,
            events,
            started,
            tallies.stream().mapToInt(Tally::open).sum(),
            tallies.stream().mapToLong(tally -> tally.ended(Outcome.OK)).sum(),
            tallies.stream().mapToLong(Tally::failed).sum(),
            intervals,
            processes);
    eventsBefore = events;
    sampledS = now;
    before = processes;
    unlessBroken(() -> lines.append(sample.asMap()));
    onSample.accept(sample);
    samples.add(sample.withoutIntervals());
  }

  /** The intervals of the phase that is under way: the other one's are empty by then. */
  private Map<Kpi, Histogram> rotate(double startS, double endS) {
    Map<Kpi, Histogram> current = new EnumMap<>(Kpi.class);
    for (Phase phase : Phase.values()) {
      run.recorders()
          .of(phase)
          .forEach(
              (kpi, distribution) -> {
                Histogram interval = distribution.rotate();
                if (interval.getTotalCount() > 0) {
                  unlessBroken(() -> logs.append(kpi, phase, interval, startS, endS));
                  current.put(kpi, interval);
                }
              });
    }
    return current;
  }

  private Map<String, ProcessSample> readProcesses(double elapsedS) {
    Map<String, CompletableFuture<JsonNode>> answers = new LinkedHashMap<>();
    run.sources().forEach(source -> answers.put(source.process(), source.read()));
    Map<String, ProcessSample> processes = new LinkedHashMap<>();
    answers.forEach(
        (name, answer) -> {
          JsonNode metrics = answer.join();
          JsonNode block = metrics.path("process");
          long open = run.tallies().values().stream().mapToLong(Tally::open).sum();
          GAUGES.stream()
              .map(metrics::at)
              .filter(JsonNode::isIntegralNumber)
              .findFirst()
              .ifPresent(at -> gauges.add(new Gauge(sampledS, name, at.asLong() - open)));
          processes.put(
              name, block.isObject() ? ProcessSample.of(block, before.get(name), elapsedS) : null);
        });
    return processes;
  }

  /** Writes to a file of the run. */
  interface Writing {
    void run() throws IOException;
  }

  private void unlessBroken(Writing writing) {
    if (!broken) {
      try {
        writing.run();
      } catch (IOException e) {
        fail(e);
      }
    }
  }

  private void fail(IOException e) {
    if (!broken) {
      broken = true;
      onError.accept(e);
    }
  }
}

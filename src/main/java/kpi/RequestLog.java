package kpi;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * {@code requests.jsonl}: one {@link Row} a request, in the order in which they ended. Any number
 * of threads add rows; a daemon thread of its own writes them, so that no event loop waits for the
 * disk.
 */
public final class RequestLog implements Closeable {
  public static final String FILE = "requests.jsonl";

  /** The rows that wait for the disk at most; those beyond are dropped, and counted. */
  static final int ROWS_MAX = 16_384;

  private static final long CLOSE_BOUND_S = 5;

  private final LongAdder dropped = new LongAdder();
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(ROWS_MAX),
          new DefaultThreadFactory("request log", true),
          (row, late) -> dropped.increment());
  private final Consumer<IOException> onBroken;

  /** Null where it cannot be written; of the thread. */
  private BufferedWriter writer;

  /** The rows since the last flush that succeeded; written by the thread only. */
  private final AtomicLong unflushed = new AtomicLong();

  /**
   * A request that has ended. What is not known is null: what did not come, and what the service
   * does not report. Times in {@code _s} are seconds of the run, as {@code t} in {@code
   * samples.ndjson}; latencies but {@code connect_ms} count from the intended time.
   *
   * @param stream the user and the number of its request
   * @param turn of its conversation, from 1
   * @param phase {@code warm_up} or {@code measure}
   * @param intendedS when it was due
   * @param sentS when it was sent
   * @param connectMs from the sending to the response headers
   * @param ttftMs to the first text, reasoning, refusal or tool call
   * @param ttfoMs to the first text
   * @param e2eMs to its end, good or not
   * @param tokensIn by the service's count, as the next two
   * @param tokensCached of {@code tokens_in}
   * @param chunks events with text, reasoning, a refusal or a tool call
   * @param outcome an {@link Outcome} in lower case
   * @param status of the HTTP response
   * @param error first line of what went wrong
   */
  public record Row(
      String stream,
      int turn,
      String phase,
      double intendedS,
      double sentS,
      Double connectMs,
      Double ttftMs,
      Double ttfoMs,
      double e2eMs,
      Long tokensIn,
      Long tokensOut,
      Long tokensCached,
      int chunks,
      String outcome,
      Integer status,
      String error) {}

  /**
   * Starts the thread, which creates the file.
   *
   * @param onBroken takes the failure after which no row is written
   */
  public RequestLog(RunFolder folder, Consumer<IOException> onBroken) {
    this.onBroken = onBroken;
    thread.execute(
        () -> orBroken(() -> writer = Files.newBufferedWriter(folder.path().resolve(FILE))));
  }

  /** Adds a row; never blocks. */
  public void add(Row row) {
    thread.execute(() -> orBroken(() -> write(row)));
  }

  /**
   * Returns the number of rows that are not in the file, those included that a disk which failed
   * may have kept; after {@link #close}.
   */
  public long dropped() {
    return dropped.sum() + thread.getQueue().size() + unflushed.get();
  }

  /** Writes the rows that wait, within a bound; rows that come later are dropped. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (thread.awaitTermination(CLOSE_BOUND_S, TimeUnit.SECONDS) && writer != null) {
        orBroken(
            () -> {
              writer.close();
              unflushed.set(0);
            });
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Reads the rows of a run folder, in their order.
   *
   * @param each takes each row that can be read
   * @return how many lines are no rows, as the last one after a crash
   * @throws IOException if there is no such file, or it cannot be read
   */
  public static int read(Path folder, Consumer<Row> each) throws IOException {
    int broken = 0;
    try (BufferedReader lines = Files.newBufferedReader(folder.resolve(FILE))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        try {
          each.accept(JsonFile.MAPPER.readValue(line, Row.class));
        } catch (JsonProcessingException e) {
          broken++;
        }
      }
    }
    return broken;
  }

  private void write(Row row) throws IOException {
    unflushed.incrementAndGet();
    if (writer == null) {
      return;
    }
    writer.write(JsonFile.LINE.writeValueAsString(row));
    writer.write('\n');
    if (thread.getQueue().isEmpty()) {
      writer.flush();
      unflushed.set(0);
    }
  }

  private void orBroken(Sampler.Writing writing) {
    try {
      writing.run();
    } catch (IOException e) {
      writer = null;
      onBroken.accept(e);
    }
  }
}

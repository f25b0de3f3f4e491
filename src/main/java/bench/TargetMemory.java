package bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import kpi.MetricsSource;
import stack.StackFailure;
import stack.TargetProcess;

/**
 * What a bundled target holds.
 *
 * @param rssBytes resident set
 * @param heapLiveBytes heap in use after a full collection
 * @param directBytes direct buffers
 * @param threads live threads
 * @param openFds open descriptors
 */
public record TargetMemory(
    long rssBytes, long heapLiveBytes, long directBytes, long threads, long openFds) {
  private static final int COLLECTION_BOUND_S = 30;
  private static final int READS_MAX = 5;

  /**
   * Makes a target collect its garbage, and asks it.
   *
   * @throws StackFailure if this is no JDK, or the target does not answer
   */
  public static TargetMemory of(TargetProcess target) {
    read(target); // It listens for collections from its first answer on.
    collect(target.pid());
    collect(target.pid()); // A collection is told a moment later: by now the first one was.
    JsonNode process = read(target);
    return new TargetMemory(
        process.path("rss_bytes").asLong(),
        process.path("heap_live_bytes").asLong(),
        process.path("direct_bytes").asLong(),
        process.path("threads").asLong(),
        process.path("open_fds").asLong());
  }

  /** The names used in JSON. */
  public Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("rss_bytes", rssBytes);
    map.put("heap_live_bytes", heapLiveBytes);
    map.put("direct_bytes", directBytes);
    map.put("threads", threads);
    map.put("open_fds", openFds);
    return map;
  }

  private static JsonNode read(TargetProcess target) {
    for (int attempt = 0; attempt < READS_MAX; attempt++) { // A busy one may be late to answer.
      JsonNode process =
          MetricsSource.at(target.name(), target.url().resolve("/metrics"))
              .read()
              .join()
              .path("process");
      if (process.isObject()) {
        return process;
      }
    }
    throw new StackFailure(target.name() + " does not tell of itself at " + target.url());
  }

  private static void collect(long pid) {
    Path java =
        ProcessHandle.of(pid)
            .flatMap(process -> process.info().command())
            .map(Path::of)
            .orElseThrow(() -> new StackFailure("the process " + pid + " is gone"));
    Path jcmd = java.resolveSibling("jcmd");
    try {
      Process asked =
          new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.run")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!asked.waitFor(COLLECTION_BOUND_S, TimeUnit.SECONDS) || asked.exitValue() != 0) {
        asked.destroyForcibly();
        throw new StackFailure(jcmd + " " + pid + " GC.run failed");
      }
    } catch (IOException e) {
      throw new StackFailure(
          "cannot run " + jcmd + " (" + e.getMessage() + "): this needs a JDK, not only a JRE", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackFailure("interrupted during a collection", e);
    }
  }
}

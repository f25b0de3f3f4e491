package kpi;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * One process in one second. Of what a process does not report, the last three are {@value
 * ProcessFigures#UNKNOWN} and the others 0.
 *
 * @param cpuCores CPU seconds a second since the sample before
 * @param gcPauseMs collector time since the sample before
 * @param gcPauseS collector seconds since the process started
 * @param heapLiveBytes heap in use right after the last collection
 * @param directBytes direct buffers, outside the heap
 * @param gcCount collections since the process started
 */
@JsonNaming(SnakeCaseStrategy.class)
public record ProcessSample(
    double cpuS,
    double cpuCores,
    long rssBytes,
    long heapBytes,
    double gcPauseMs,
    long openFds,
    int threads,
    @JsonIgnore double gcPauseS,
    long heapLiveBytes,
    long directBytes,
    long gcCount) {
  /**
   * Reads the {@code process} block of a metrics document, which must be an object.
   *
   * @param before the sample before, or null for the first
   * @param elapsedS seconds since then
   */
  static ProcessSample of(JsonNode block, ProcessSample before, double elapsedS) {
    double cpuS = block.path("cpu_s").asDouble();
    double gcPauseS = block.path("gc_pause_s").asDouble();
    boolean first = before == null || elapsedS <= 0;
    return new ProcessSample(
        cpuS,
        first ? 0 : Math.max(0, cpuS - before.cpuS) / elapsedS,
        block.path("rss_bytes").asLong(),
        block.path("heap_bytes").asLong(),
        first ? 0 : Math.max(0, gcPauseS - before.gcPauseS) * 1e3,
        block.path("open_fds").asLong(),
        block.path("threads").asInt(),
        gcPauseS,
        block.path("heap_live_bytes").asLong(ProcessFigures.UNKNOWN),
        block.path("direct_bytes").asLong(ProcessFigures.UNKNOWN),
        block.path("gc_count").asLong(ProcessFigures.UNKNOWN));
  }
}

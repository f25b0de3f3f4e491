package kpi;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * One process in one second, by its {@link ProcessFigures}. What it does not report is {@value
 * ProcessFigures#UNKNOWN}.
 *
 * @param cpuCores CPU seconds a second since the sample before
 * @param gcPauseMs collector time since the sample before
 */
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
    double cpuS = block.path("cpu_s").asDouble(ProcessFigures.UNKNOWN);
    double gcPauseS = block.path("gc_pause_s").asDouble(ProcessFigures.UNKNOWN);
    double coresS = increase(cpuS, before == null ? ProcessFigures.UNKNOWN : before.cpuS);
    double pauseS = increase(gcPauseS, before == null ? ProcessFigures.UNKNOWN : before.gcPauseS);
    return new ProcessSample(
        cpuS,
        coresS < 0 || elapsedS <= 0 ? ProcessFigures.UNKNOWN : coresS / elapsedS,
        block.path("rss_bytes").asLong(ProcessFigures.UNKNOWN),
        block.path("heap_bytes").asLong(ProcessFigures.UNKNOWN),
        pauseS < 0 ? ProcessFigures.UNKNOWN : pauseS * 1e3,
        block.path("open_fds").asLong(ProcessFigures.UNKNOWN),
        block.path("threads").asInt((int) ProcessFigures.UNKNOWN),
        gcPauseS,
        block.path("heap_live_bytes").asLong(ProcessFigures.UNKNOWN),
        block.path("direct_bytes").asLong(ProcessFigures.UNKNOWN),
        block.path("gc_count").asLong(ProcessFigures.UNKNOWN));
  }

  /** Returns the increase of a total; one that falls begins anew, as of a process restarted. */
  private static double increase(double now, double before) {
    return now < 0 || before < 0 ? ProcessFigures.UNKNOWN : now < before ? now : now - before;
  }
}

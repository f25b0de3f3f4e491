package kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Figures of processes and of the machine, and the events of the collectors. */
class ProcessFiguresTest {
  private static final ObjectMapper MAPPER = JsonFile.MAPPER;
  private static final double BURN_S = 0.2;
  private static final int DIRECT = 8_000_000;
  private static final int LIVE_BYTES = 20_000_000;
  private static final int HELD = 40_000_000;
  private static final long MOST_OF_IT = 30_000_000;

  private final byte[] live = new byte[LIVE_BYTES];

  @Test
  @EnabledOnOs(OS.LINUX)
  void figures_of_this_process_are_plausible() {
    ProcessFigures now = ProcessFigures.now();
    assertThat(now.pid()).isEqualTo(ProcessHandle.current().pid());
    assertThat(now.uptimeS()).isPositive();
    assertThat(now.rssBytes()).isBetween(10_000_000L, 100_000_000_000L);
    assertThat(now.heapBytes()).isBetween(1_000_000L, Runtime.getRuntime().maxMemory());
    assertThat(now.gcCount()).isNotNegative();
    assertThat(now.gcPauseS()).isNotNegative();
    assertThat(now.threads()).isGreaterThan(1);
    assertThat(now.openFds()).isBetween(3L, now.maxFds());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void cpu_grows_by_what_is_burnt() {
    double before = ProcessFigures.now().cpuS();
    double after = before;
    while (after < before + BURN_S) {
      after = ProcessFigures.now().cpuS();
    }
    assertThat(before).isPositive();
    assertThat(after).isLessThan(before + 50 * BURN_S);
  }

  @Test
  void direct_memory_grows_with_direct_buffers_and_with_those_of_netty() {
    long before = ProcessFigures.now().directBytes();
    ByteBuffer own = ByteBuffer.allocateDirect(DIRECT);
    ByteBuf netty = Unpooled.directBuffer(DIRECT);
    long after = ProcessFigures.now().directBytes();
    netty.release();
    assertThat(before).isNotNegative();
    assertThat(after).isGreaterThan(before + DIRECT + DIRECT / 2);
    assertThat(own.capacity()).isEqualTo(DIRECT);
  }

  @Test
  void the_names_in_files_are_pinned() throws IOException {
    assertNames(
        ProcessFigures.now(),
        "pid uptime_s cpu_s rss_bytes heap_bytes heap_live_bytes direct_bytes gc_count gc_pause_s"
            + " threads open_fds max_fds");
    assertNames(
        ProcessSample.of(block(1, 0), null, 0),
        "cpu_s cpu_cores rss_bytes heap_bytes heap_live_bytes direct_bytes gc_count gc_pause_ms"
            + " open_fds threads");
    assertNames(Machine.here(), "cpus cpu_model memory_bytes os jvm");
  }

  private static void assertNames(Object figures, String names) {
    assertThat(MAPPER.<JsonNode>valueToTree(figures).fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(names.split(" "));
  }

  @Test
  void a_bundled_process_has_every_figure() {
    ProcessFigures own = new ProcessFigures(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    assertThat(ProcessSample.of(MAPPER.valueToTree(own), null, 0))
        .isEqualTo(new ProcessSample(3, -1, 4, 5, -1, 11, 10, 9, 6, 7, 8));
  }

  @Test
  void a_figure_that_a_foreign_service_lacks_is_unknown() throws IOException {
    JsonNode foreign = MAPPER.readTree("{\"rss_bytes\":64000000,\"open_fds\":12}");
    assertThat(ProcessSample.of(foreign, null, 0))
        .isEqualTo(new ProcessSample(-1, -1, 64_000_000, -1, -1, 12, -1, -1, -1, -1, -1));
  }

  @Test
  void cores_are_cpu_seconds_by_elapsed_seconds() throws IOException {
    ProcessSample first = ProcessSample.of(block(1.0, 0.1), null, 0);
    ProcessSample second = ProcessSample.of(block(2.5, 0.15), first, 3);
    ProcessSample restarted = ProcessSample.of(block(0.1, 0), second, 1);
    assertThat(first.cpuCores()).isEqualTo(ProcessFigures.UNKNOWN);
    assertThat(second.cpuCores()).isEqualTo(0.5);
    assertThat(second.gcPauseMs()).isCloseTo(50, within(1e-6));
    assertThat(restarted.cpuCores()).isEqualTo(0.1);
    assertThat(
            ProcessSample.of(block(1, 0), ProcessSample.of(block(-1, -1), null, 0), 1).cpuCores())
        .as("how much of it was before")
        .isEqualTo(ProcessFigures.UNKNOWN);
  }

  private static JsonNode block(double cpuS, double gcPauseS) throws IOException {
    return MAPPER.readTree("{\"cpu_s\":" + cpuS + ",\"gc_pause_s\":" + gcPauseS + "}");
  }

  @Test
  void cpu_is_user_and_system_time_after_a_name_that_may_have_blanks_and_brackets() {
    String plain = "25536 (cat) R 25484 25484 23457 0 -1 4194304 99 0 0 0 250 50 7 7 20 0 1 0 392";
    assertThat(ProcessFigures.cpuS(plain)).isEqualTo(3.0);
    String odd = "7 (nginx: a) b (c) S 1 7 7 0 -1 4194304 99 0 0 0 101 2 0 0 20 0 1 0 392";
    assertThat(ProcessFigures.cpuS(odd)).isEqualTo(1.03);
  }

  @Test
  void memory_is_the_resident_set() {
    assertThat(ProcessFigures.rssBytes("Name:\tx\nVmPeak:\t 9 kB\nVmRSS:\t    2048 kB\n"))
        .isEqualTo(2 << 20);
    assertThat(ProcessFigures.rssBytes("Name:\tx\nState:\tZ (zombie)\n")).isZero();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void a_living_process_has_figures_and_one_that_is_gone_has_none() {
    ProcessFigures own = ProcessFigures.ofTree(ProcessHandle.current().pid()).orElseThrow();
    assertThat(own.cpuS()).isPositive();
    assertThat(own.rssBytes()).isGreaterThan(10 << 20);
    assertThat(own.threads()).isGreaterThan(1);
    assertThat(own.openFds()).isPositive();
    assertThat(ProcessFigures.ofTree(Long.MAX_VALUE)).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void the_size_of_the_folder_is_the_number_of_descriptors_where_the_kernel_counts_them() {
    int listed = Path.of("/proc/self/fd").toFile().list().length;
    Proc.descriptors("self").ifPresent(fds -> assertThat(fds).isCloseTo(listed, within(50L)));
    assertThat(Proc.descriptors("none")).isEmpty();
  }

  @Test
  void the_machine_is_described_by_the_first_value_of_each_field() {
    Machine here = Machine.here();
    assertThat(here.cpus()).isPositive();
    assertThat(here.sentence()).contains(here.cpus() + " cores", System.getProperty("os.name"));
    String cpuinfo = "processor\t: 0\nmodel name\t: A: 1\nmodel name\t: B\n";
    assertThat(Proc.field(cpuinfo, "model name")).contains("A: 1");
    assertThat(Proc.field(cpuinfo, "flags")).isEmpty();
  }

  @Test
  void a_heap_that_stays_full_is_reported_once_and_one_with_room_is_not() throws Exception {
    List<Long> full = new ArrayList<>();
    List<Long> roomy = new ArrayList<>();
    GcEvents.onFullHeap(LIVE_BYTES, full::add);
    GcEvents.onFullHeap(roomy::add);
    collect();
    collect();
    assertThat(full).hasSize(1).allMatch(used -> used >= live.length);
    assertThat(roomy).isEmpty();
  }

  @Test
  void a_pause_is_seen_and_forgotten_by_reset() throws Exception {
    byte[][] moved = new byte[2_000][10_000]; // Something to move: a pause of 0 ms says nothing.
    GcEvents.Pauses pauses = new GcEvents.Pauses();
    collect();
    assertThat(pauses.sumMs()).isPositive();
    assertThat(pauses.maxMs()).isBetween(1L, pauses.sumMs());
    pauses.reset();
    assertThat(pauses.sumMs()).isZero();
    assertThat(pauses.maxMs()).isZero();
    assertThat(moved).hasDimensions(2_000, 10_000);
  }

  @Test
  void the_live_heap_counts_what_is_held_and_not_what_was_dropped() throws Exception {
    ProcessFigures.now();
    collect();
    long before = ProcessFigures.now().heapLiveBytes();
    byte[][] held = new byte[1][HELD];
    collect();
    long holding = ProcessFigures.now().heapLiveBytes();
    held[0] = null;
    collect();
    assertThat(before).isPositive();
    assertThat(holding).isGreaterThan(before + MOST_OF_IT);
    assertThat(ProcessFigures.now().heapLiveBytes()).isPositive().isLessThan(holding - MOST_OF_IT);
  }

  /**
   * Collects the whole heap and waits: listeners run in the order of their registration, the one
   * under test first.
   */
  private static void collect() throws Exception {
    CountDownLatch notified = new CountDownLatch(1);
    GcEvents.onFullHeap(0, used -> notified.countDown());
    System.gc();
    assertThat(notified.await(10, TimeUnit.SECONDS)).isTrue();
  }
}

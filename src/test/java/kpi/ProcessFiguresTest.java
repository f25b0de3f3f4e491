package kpi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class ProcessFiguresTest {
  private static final double BURN_S = 0.2;
  private static final int DIRECT = 8_000_000;

  @Test
  @EnabledOnOs(OS.LINUX)
  void figures_of_this_process_are_plausible() {
    ProcessFigures now = ProcessFigures.now();

    assertThat(now.pid()).isEqualTo(ProcessHandle.current().pid());
    assertThat(now.uptimeS()).isPositive();
    assertThat(now.cpuS()).isPositive();
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
    long rounds = 0;

    while (after < before + BURN_S) {
      rounds++;
      after = ProcessFigures.now().cpuS();
    }

    assertThat(rounds).isGreaterThan(1);
    assertThat(after).isGreaterThanOrEqualTo(before + BURN_S);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void descriptors_grow_with_open_files(@TempDir Path folder) throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    long before = ProcessFigures.now().openFds();
    List<InputStream> open = new ArrayList<>();
    try {
      for (int files = 0; files < 50; files++) {
        open.add(Files.newInputStream(file));
      }

      // Other threads of this JVM may close a few of theirs meanwhile.
      assertThat(ProcessFigures.now().openFds()).isGreaterThanOrEqualTo(before + 40);
    } finally {
      for (InputStream stream : open) {
        stream.close();
      }
    }
  }

  @Test
  void the_live_heap_is_known_after_a_collection() throws Exception {
    ProcessFigures.now();
    FullCollection.awaited();

    assertThat(ProcessFigures.now().heapLiveBytes())
        .isBetween(1_000_000L, Runtime.getRuntime().maxMemory());
  }

  @Test
  void direct_memory_grows_with_direct_buffers_and_with_those_of_netty() {
    long before = ProcessFigures.now().directBytes();
    ByteBuffer own = ByteBuffer.allocateDirect(DIRECT);
    ByteBuf netty = Unpooled.directBuffer(DIRECT);
    try {
      assertThat(before).isNotNegative();
      assertThat(ProcessFigures.now().directBytes()).isGreaterThan(before + DIRECT + DIRECT / 2);
    } finally {
      netty.release();
    }
    assertThat(own.capacity()).isEqualTo(DIRECT);
  }

  @Test
  void the_names_in_metrics_are_pinned() {
    assertThat(new ObjectMapper().<JsonNode>valueToTree(ProcessFigures.now()).fieldNames())
        .toIterable()
        .containsExactly(
            ("pid uptime_s cpu_s rss_bytes heap_bytes heap_live_bytes direct_bytes gc_count"
                    + " gc_pause_s threads open_fds max_fds")
                .split(" "));
  }
}

package kpi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ProcessTreeTest {
  @Test
  void cpu_is_user_and_system_time_in_hundredths_of_a_second() {
    String stat = "25536 (cat) R 25484 25484 23457 0 -1 4194304 99 0 0 0 250 50 7 7 20 0 1 0 392";
    assertThat(ProcessTree.cpuS(stat)).isEqualTo(3.0);
  }

  @Test
  void a_name_with_blanks_and_brackets_does_not_shift_the_fields() {
    String stat = "7 (nginx: a) b (c) S 1 7 7 0 -1 4194304 99 0 0 0 101 2 0 0 20 0 1 0 392";
    assertThat(ProcessTree.cpuS(stat)).isEqualTo(1.03);
  }

  @Test
  void memory_is_the_resident_set() {
    assertThat(ProcessTree.rssBytes("Name:\tx\nVmPeak:\t 9 kB\nVmRSS:\t    2048 kB\n"))
        .isEqualTo(2 << 20);
    assertThat(ProcessTree.rssBytes("Name:\tx\nState:\tZ (zombie)\n")).isZero();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void a_living_process_has_used_cpu_and_holds_memory_threads_and_descriptors() {
    ProcessTree own = ProcessTree.of(ProcessHandle.current().pid()).orElseThrow();
    assertThat(own.cpuS()).isPositive();
    assertThat(own.rssBytes()).isGreaterThan(10 << 20);
    assertThat(own.threads()).isGreaterThan(1);
    assertThat(own.openFds()).isPositive();
    assertThat(new ObjectMapper().<JsonNode>valueToTree(own).fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("pid", "cpu_s", "rss_bytes", "threads", "open_fds");
  }

  @Test
  void a_process_that_is_gone_has_no_figures() {
    assertThat(ProcessTree.of(Long.MAX_VALUE)).isEmpty();
  }
}

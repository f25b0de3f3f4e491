package kpi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class MachineTest {
  @Test
  void describes_this_machine() {
    Machine here = Machine.here();
    assertThat(here.cpus()).isPositive();
    assertThat(here.sentence()).contains(here.cpus() + " cores", System.getProperty("os.name"));
    assertThat(new ObjectMapper().<JsonNode>valueToTree(here).fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("cpus", "cpu_model", "memory_bytes", "os", "jvm");
  }

  @Test
  void finds_the_first_value_of_a_field() {
    String cpuinfo = "processor\t: 0\nmodel name\t: A: 1\nmodel name\t: B\n";
    assertThat(Proc.field(cpuinfo, "model name")).contains("A: 1");
    assertThat(Proc.field(cpuinfo, "flags")).isEmpty();
  }
}

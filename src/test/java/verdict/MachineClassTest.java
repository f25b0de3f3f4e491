package verdict;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineClassTest {
  private static final MachineClass OWN = SampleRun.MACHINE;

  @Test
  void is_read_from_what_a_manifest_says_of_the_machine() {
    assertThat(of(25_276_510_208L, "Linux 6.18.44 amd64", "17.0.15 Debian"))
        .isEqualTo(new MachineClass(2, "AMD EPYC", 24, "Linux amd64", "17"));
  }

  @ParameterizedTest
  @CsvSource({
    "Linux 6.18.44-fc-v657 amd64, Linux amd64",
    "Mac OS X 14.5 aarch64, Mac aarch64",
    "Windows Server 2022 10.0 amd64, Windows amd64",
    "Linux, Linux",
    "'', ''",
  })
  void the_version_of_the_system_is_no_part_of_it(String os, String word) {
    assertThat(of(0, os, "17").os()).isEqualTo(word);
  }

  @ParameterizedTest
  @CsvSource({
    "17.0.15 Debian, 17",
    "21 Eclipse Adoptium, 21",
    "25.0.1 Oracle Corporation, 25",
    "26-ea Oracle Corporation, 26-ea",
    "17, 17",
    "'', ''",
  })
  void the_patch_and_the_vendor_of_the_jvm_are_no_part_of_it(String jvm, String word) {
    assertThat(of(0, "Linux 6 amd64", jvm).jvm()).isEqualTo(word);
  }

  @ParameterizedTest
  @CsvSource({"25276510208, 24", "16777216000, 16", "8589934592, 8", "0, 0", "-1, 0"})
  void memory_is_rounded_to_whole_gib(long bytes, long gib) {
    assertThat(of(bytes, "Linux 6 amd64", "17").memoryGib()).isEqualTo(gib);
  }

  @Test
  void a_manifest_that_says_nothing_is_a_machine_that_equals_no_real_one() {
    MachineClass nothing = MachineClass.of(SampleRun.MAPPER.createObjectNode());

    assertThat(nothing).isEqualTo(new MachineClass(0, "", 0, "", ""));
    assertThat(nothing.differences(OWN))
        .containsExactly(
            "0 CPUs instead of 2 CPUs",
            "unknown instead of AMD EPYC",
            "0 GiB instead of 24 GiB",
            "unknown instead of Linux amd64",
            "Java unknown instead of Java 17");
  }

  @Test
  void a_manifest_that_says_nonsense_is_no_machine_either() {
    ObjectNode nonsense = SampleRun.MAPPER.createObjectNode();
    nonsense.put("cpus", "two").put("memory_bytes", "much").putArray("os");

    assertThat(MachineClass.of(nonsense)).isEqualTo(new MachineClass(0, "", 0, "", ""));
  }

  @Test
  void the_same_class_has_no_differences() {
    assertThat(OWN.differences(new MachineClass(2, "AMD EPYC", 24, "Linux amd64", "17"))).isEmpty();
  }

  @Test
  void each_difference_is_named_with_the_others_value_second() {
    assertThat(OWN.differences(new MachineClass(4, "AMD EPYC", 24, "Linux amd64", "17")))
        .containsExactly("2 CPUs instead of 4 CPUs");
    assertThat(OWN.differences(new MachineClass(2, "Xeon", 24, "Linux amd64", "17")))
        .containsExactly("AMD EPYC instead of Xeon");
    assertThat(OWN.differences(new MachineClass(2, "AMD EPYC", 16, "Linux amd64", "17")))
        .containsExactly("24 GiB instead of 16 GiB");
    assertThat(OWN.differences(new MachineClass(2, "AMD EPYC", 24, "Linux aarch64", "21")))
        .containsExactly("Linux amd64 instead of Linux aarch64", "Java 17 instead of Java 21");
  }

  private static MachineClass of(long memoryBytes, String os, String jvm) {
    ObjectNode machine = SampleRun.MAPPER.createObjectNode();
    machine.put("cpus", 2).put("cpu_model", "AMD EPYC").put("memory_bytes", memoryBytes);
    return MachineClass.of(machine.put("os", os).put("jvm", jvm));
  }
}

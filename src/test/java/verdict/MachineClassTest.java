package verdict;

import static org.assertj.core.api.Assertions.assertThat;

import kpi.Machine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineClassTest {
  private static final MachineClass OWN = new MachineClass(2, "AMD EPYC", 24, "Linux amd64", "17");

  @ParameterizedTest
  @CsvSource({
    "25276510208, Linux 6.18.44-fc-v657 amd64, 17.0.15 Debian, 24, Linux amd64, 17",
    "16777216000, Mac OS X 14.5 aarch64, 21 Eclipse Adoptium, 16, Mac aarch64, 21",
    "8589934592, Windows Server 2022 10.0 amd64, 25.0.1 Oracle, 8, Windows amd64, 25",
    "-1, Linux, 26-ea Oracle Corporation, 0, Linux, 26-ea",
    "0, '', '', 0, '', ''",
  })
  void leaves_out_patch_releases_vendors_and_odd_bytes_of_memory(
      long bytes, String os, String jvm, long gib, String system, String release) {
    assertThat(MachineClass.of(new Machine(2, "AMD EPYC", bytes, os, jvm)))
        .isEqualTo(new MachineClass(2, "AMD EPYC", gib, system, release));
  }

  @Test
  void every_difference_is_named_with_the_others_value_second() {
    assertThat(OWN.differences(OWN)).isEmpty();
    assertThat(OWN.differences(new MachineClass(2, "AMD EPYC", 16, "Linux amd64", "17")))
        .containsExactly("24 GiB instead of 16 GiB");
    assertThat(new MachineClass(0, "", 0, "", "").differences(OWN))
        .containsExactly(
            "0 CPUs instead of 2 CPUs",
            "unknown instead of AMD EPYC",
            "0 GiB instead of 24 GiB",
            "unknown instead of Linux amd64",
            "Java unknown instead of Java 17");
  }
}

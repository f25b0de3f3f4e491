package targets.defects;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import settings.BadSettings;
import settings.Setting;
import settings.SettingsReader;
import targets.shared.TargetSpec;

class TroublePlanTest {
  @Test
  void nothing_is_planted_by_default() {
    TroublePlan plan = read("stall");
    assertThat(plan).isEqualTo(new TroublePlan(0, 0, 0, 0, 0));
    assertThat(plan.countsRequests()).isFalse();
    assertThat(failed(plan, 1, 1_000)).isZero();
  }

  @Test
  void all_of_them_can_be_planted_together_with_the_targets_own_mistakes() {
    assertThat(read("slow=20%, stall=3, leak=1MB/s,fd-leak=2,thread-leak=3,error=6%"))
        .isEqualTo(new TroublePlan(20, 1_000_000, 2, 3, 6_000));
  }

  @Test
  void a_leak_that_stands_alone_takes_a_descriptor_a_request_and_a_thread_every_tenth() {
    assertThat(read("fd-leak,thread-leak")).isEqualTo(new TroublePlan(0, 0, 1, 10, 0));
  }

  @ParameterizedTest
  @CsvSource({"1KB/s,1000", "250KB/s,250000", "1.5MB/s,1500000", "100MB/s,100000000"})
  void a_rate_is_in_thousands_or_millions_of_bytes(String text, long bytesPerS) {
    assertThat(read("leak=" + text).leakBytesPerS()).isEqualTo(bytesPerS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "slow",
        "slow=20",
        "slow=0%",
        "slow=1001%",
        "slow=0.5%",
        "slow=-1%",
        "slow=5ms",
        "leak",
        "leak=1MB",
        "leak=1MiB/s",
        "leak=999KB/m",
        "leak=0.5KB/s",
        "leak=101MB/s",
        "fd-leak=0",
        "fd-leak=1.5",
        "fd-leak=1000001",
        "thread-leak=none",
        "error",
        "error=6",
        "error=0%",
        "error=0.0001%",
        "error=100.001%"
      })
  void a_wrong_value_is_reported_with_an_example(String defect) {
    String name = defect.replaceAll("=.*", "");
    String value = defect.substring(name.length()).replaceFirst("=", "");
    assertThat(errors(defect))
        .singleElement()
        .asString()
        .startsWith("--defect: " + name + ": '" + value + "' is not ")
        .contains("; write for example " + name + "=");
  }

  @Test
  void all_wrong_values_are_reported_at_once() {
    assertThat(errors("slow,leak=1,nonsense,fd-leak=0,thread-leak=0,error=7"))
        .hasSize(6)
        .anyMatch(
            line ->
                line.equals(
                    "--defect: 'nonsense' is unknown; choose of stall, slow, leak, fd-leak,"
                        + " thread-leak, error"))
        .anyMatch(
            line ->
                line.equals(
                    "--defect: leak: '1' is not a rate from 1KB/s to 100MB/s;"
                        + " write for example leak=1MB/s"));
  }

  @Test
  void the_help_names_them_after_the_targets_own_mistakes() {
    TargetSpec honest = new TargetSpec("x", "", List.of(), reader -> null);
    assertThat(Defects.around(honest, List.of("stall"), (reader, defects) -> null).options())
        .extracting(Setting::meaning)
        .containsExactly("planted mistakes: stall, slow, leak, fd-leak, thread-leak, error");
  }

  @Test
  void of_any_hundred_neighbours_six_fail_at_6_percent() {
    TroublePlan plan = read("error=6%");
    for (long first = 1; first <= 300; first++) {
      assertThat(failed(plan, first, 100)).as("from request %d", first).isEqualTo(6);
    }
  }

  @ParameterizedTest
  @CsvSource({"0.5%,200,1", "0.001%,100000,1", "33.333%,100000,33333", "100%,10,10"})
  void fractions_and_everything_are_exact_too(String share, int requests, long failed) {
    TroublePlan plan = read("error=" + share);
    assertThat(failed(plan, 1, requests)).isEqualTo(failed);
    assertThat(failed(plan, 777, requests)).isEqualTo(failed);
  }

  private static long failed(TroublePlan plan, long first, int requests) {
    return LongStream.range(first, first + requests).filter(plan::fails).count();
  }

  private static TroublePlan read(String defect) {
    SettingsReader reader = reader(defect);
    TroublePlan plan = Defects.read(reader, List.of("stall")).plan();
    reader.finish();
    return plan;
  }

  private static List<String> errors(String defect) {
    SettingsReader reader = reader(defect);
    Defects.read(reader, List.of("stall"));
    try {
      reader.finish();
      return List.of();
    } catch (BadSettings e) {
      return e.errors();
    }
  }

  private static SettingsReader reader(String defect) {
    return new SettingsReader(
        ConfigFactory.parseMap(Map.of("defect", defect)), path -> "--" + path);
  }
}

package targets.defects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import settings.BadSettings;
import settings.SeededText;
import settings.SettingsReader;
import targets.defects.CommonDefects.Requests;
import targets.llm.LlmServer;
import targets.llm.StreamPlan;
import targets.llm.StreamPlan.Ending;
import targets.shared.Counters;
import targets.shared.RunningTarget;
import targets.shared.TargetSpec;

/** The option {@code --defect}: which names and values it takes. */
class DefectsTest {
  @Test
  void all_wrong_values_are_reported_at_once_with_an_example() {
    assertThat(errors(LlmDefects.SPEC, "leak=1,nonsense,fd-leak=0,stall=9999999, drop-token"))
        .containsExactly(
            "--defect: leak: '1' is not a value from 1KB/s to 100MB/s; write for example"
                + " leak=1MB/s",
            "--defect: 'nonsense' is unknown; choose of drop-token, duplicate-token, swap-tokens,"
                + " wrong-text, stall, stop-feed, early-close, drifting-pace, slow, leak, fd-leak,"
                + " thread-leak, error",
            "--defect: fd-leak: '0' is not a whole number from 1 to 1000000; write for example"
                + " fd-leak=1",
            "--defect: stall: '9999999' is not a whole number from 1 to 1000000; write for example"
                + " stall=10");
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        Arguments.of(
            LlmDefects.SPEC, "slow,slow=20,slow=0%,slow=1001%,slow=0.5%,slow=-1%,slow=5ms"),
        Arguments.of(LlmDefects.SPEC, "leak,leak=1MB,leak=1MiB/s,leak=999KB/m,leak=0.5KB/s"),
        Arguments.of(LlmDefects.SPEC, "leak=101MB/s,fd-leak=1.5,fd-leak=1000001,thread-leak=none"),
        Arguments.of(LlmDefects.SPEC, "error,error=6,error=0%,error=0.0001%,error=100.001%"),
        Arguments.of(LlmDefects.SPEC, "drop-token=0,stall=often,drifting-pace=1001"),
        Arguments.of(ProxyDefects.SPEC, "late,late=0ms,late=11s,late=5,late=5%,coalesce-50ms=1"),
        Arguments.of(TickerDefects.SPEC, "close-after-open=190%,drop-broadcast=often,drop-token"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void each_wrong_value_is_refused(TargetSpec target, String defects) {
    assertThat(errors(target, defects)).hasSameSizeAs(defects.split(",", -1));
  }

  @Test
  void a_target_without_requests_refuses_what_needs_them() {
    for (TargetSpec target :
        List.of(TickerDefects.PUBLISHER, RelayDefects.BRIDGE, AuctionDefects.ARCHIVE)) {
      assertThat(errors(target, "error=6%"))
          .singleElement()
          .asString()
          .endsWith("need requests; " + target.name() + " answers none");
    }
  }

  static Stream<Arguments> settings() {
    return Stream.of(
        Arguments.of(
            RelayDefects.BRIDGE,
            "redis=http://me:secret@x nats=127.0.0.1:4222 delivery=twice defect=reorder",
            List.of(
                "--redis: 'http://***@x' is not an address such as redis://127.0.0.1:6379",
                "--nats: '127.0.0.1:4222' is not an address such as nats://127.0.0.1:4222",
                "--delivery: 'twice' is unknown; choose one of core, durable",
                "--defect: 'reorder' is unknown; choose of lost-done, silent-nats-down,"
                    + " slow, leak, fd-leak, thread-leak, error")),
        Arguments.of(
            RelayDefects.ADAPTER,
            "allow-origin=https://a.example,a.example/b nats-domain=a.b",
            List.of(
                "--allow-origin: 'a.example/b' is not an origin such as http://localhost:3000,"
                    + " or *",
                "--nats-domain: 'a.b' has other characters than letters, digits, '-' and '_'")),
        Arguments.of(
            ProxyDefects.SPEC,
            "upstream=https://host/path buffer-low=9000 buffer-high=8000",
            List.of(
                "--upstream: must be http://host:port without a path, not 'https://host/path'; TLS"
                    + " is not spoken",
                "--buffer-low: must not be above buffer-high")),
        Arguments.of(
            AuctionDefects.BROADCAST,
            "ping=60s silence=60s",
            List.of("--silence: must be longer than --ping, which viewers answer")),
        Arguments.of(
            AuctionDefects.ARCHIVE,
            "postgres=postgresql://me:secret@db/bids",
            List.of(
                "--postgres: must be an address such as jdbc:postgresql://127.0.0.1:5432/bids")));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void errors_of_other_options_are_reported_with_them_and_no_password_is_repeated(
      TargetSpec target, String settings, List<String> errors) {
    assertThat(errors(target, RunningTarget.values(settings.split(" ", -1))))
        .containsExactlyInAnyOrderElementsOf(errors);
  }

  @ParameterizedTest
  @CsvSource({"6%,100,6", "0.5%,200,1", "0.001%,100000,1", "33.333%,100000,33333", "100%,10,10"})
  void errors_of_requests_of_many_threads_are_spread_evenly(
      String share, int requests, long failed) {
    CommonDefects defects = common("error=" + share);
    defects.start(List.of(), new Counters("x_"));
    for (int round = 0; round < 3; round++) {
      LongStream of = LongStream.range(0, requests).parallel();
      assertThat(of.filter(each -> defects.fails("GET", "/work")).count()).isEqualTo(failed);
      assertThat(defects.fails("GET", "/other")).isFalse();
    }
  }

  @Test
  void a_name_that_no_list_declares_is_no_defect_that_is_off() {
    SettingsReader reader = LlmDefects.SPEC.reader(Map.of());
    Defects defects = new Defects(reader, CommonDefects.ALL);
    assertThat(defects.has("leak")).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> defects.has("leek"))
        .withMessage("no defect is declared as leek");
  }

  @ParameterizedTest
  @CsvSource({"drop-token, 100", "'', 0"})
  void by_default_one_stream_in_ten_is_hit_and_the_others_have_the_right_plan(
      String defect, int hit) {
    StreamPlan right = new Steady(20, 2_000_000_000L);
    LlmServer.Plans defects = plans(defect);
    assertThat(IntStream.range(0, 1_000).filter(k -> defects.of(right, k, 42) != right))
        .hasSize(hit);
  }

  @Test
  void a_stream_of_one_token_survives_every_defect() {
    StreamPlan right = new Steady(1, 0);
    for (Defect defect : Defect.all(LlmDefects.ALL)) {
      StreamPlan plan = plans(defect.name() + "=1").of(right, 0, 42);
      assertThat(IntStream.range(0, plan.tokens()).mapToObj(plan::token)).hasSizeBetween(0, 2);
      assertThat(plan.dueNs(plan.tokens(), 0)).isNotNegative();
    }
  }

  static CommonDefects common(String text) {
    SettingsReader reader = LlmDefects.SPEC.reader(Map.of("defect", text));
    return new CommonDefects(new Defects(reader, CommonDefects.ALL), Requests.of("GET /work"));
  }

  private static List<String> errors(TargetSpec target, String defects) {
    return errors(target, Map.of("defect", defects));
  }

  private static List<String> errors(TargetSpec target, Map<String, String> values) {
    return catchThrowableOfType(BadSettings.class, () -> target.start(values)).errors();
  }

  private static LlmServer.Plans plans(String text) {
    SettingsReader reader = LlmDefects.SPEC.reader(Map.of("defect", text));
    return LlmDefects.plans(new Defects(reader, Defect.all(LlmDefects.ALL)));
  }

  private record Steady(int tokens, long durationNs) implements StreamPlan {
    @Override
    public String token(int step) {
      return new SeededText(42).token(step);
    }

    @Override
    public long dueNs(int step, long previousNs) {
      return step * durationNs / tokens;
    }

    @Override
    public Ending ending() {
      return Ending.STOP;
    }
  }
}

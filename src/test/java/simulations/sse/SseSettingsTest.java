package simulations.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import simulations.run.Options;
import simulations.run.SuiteConfig;
import simulations.sse.SseSettings.Api;
import simulations.sse.SseSettings.StreamPlan;
import verdict.Threshold;

class SseSettingsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "smoke   | PT4S | 100, PT3S, PT9S, PT10S, 1, 1, PT0.025S    | 110, PT2.2S, PT0S, PT0S",
        "light   | PT8S | 100, PT5S, PT10S, PT10S, 1, 1, PT0.025S   | 163, PT10S, PT0S, PT0S",
        "medium  | PT8S | 500, PT10S, PT10S, PT10S, 1, 1, PT0.025S  | 163, PT10S, PT0S, PT0S",
        "heavy   | PT8S | 1000, PT15S, PT10S, PT10S, 1, 1, PT0.025S | 163, PT10S, PT0S, PT0S",
        "extreme | PT8S | 2000, PT30S, PT10S, PT10S, 1, 1, PT0.1S   | 163, PT10S, PT0S, PT0S",
      })
  void profiles_are_pinned(String profile, Duration warmup, String users, String stream) {
    SseSettings settings = read("profile", profile);

    assertThat(settings.common().warmup()).isEqualTo(warmup);
    assertThat(Options.values(settings.users())).isEqualTo(users);
    assertThat(Options.values(settings.stream())).isEqualTo(stream);
    assertThat(Options.values(settings.common().processes())).isEqualTo("128m, PT30S");
  }

  @Test
  void heavy_is_the_default_and_its_other_values_are_pinned() {
    SseSettings settings = read();

    assertThat(settings).usingRecursiveComparison().isEqualTo(read("profile", "heavy"));
    assertThat(settings.common().seed()).isEqualTo(42);
    assertThat(settings.common().choices().monitor()).isEqualTo(Duration.ofSeconds(2));
    assertThat(settings.leavers()).isEqualTo(10);
    assertThat(settings.breakers()).isEqualTo(10);
    assertThat(settings.api()).isEqualTo(Api.SSE);
    assertThat(settings.verifyText()).isTrue();
    assertThat(settings.service().apiKey()).isEmpty();
    assertThat(settings.bundled().proxies()).isEqualTo(1);
    assertThat(settings.common().slos().texts()).hasSize(4);
    assertThat(settings.common().slos().ns("ttft.max")).isEqualTo(1_000_000_000L);
    assertThat(settings.common().slos().ns("e2e.max")).isEqualTo(11_000_000_000L);
    assertThat(settings.common().thresholds())
        .extracting(Threshold::checkName)
        .containsExactly(
            "success_rate",
            "goodput",
            "ttft_p95",
            "gap_p99",
            "e2e_p95",
            "pace_drift",
            "*_rss_max",
            "targets_cpu_cores",
            "good_seconds",
            "*_memory_slope",
            "*_live_heap_growth",
            "*_fd_slope",
            "*_thread_slope");
    assertThat(settings.sentence())
        .isEqualTo(
            "1,000 clients arrive over 15 s and stream 163 tokens in 10 s each, again and again"
                + " until 25 s have passed; a warm-up of 8 s is cut.");
  }

  @Test
  void words_of_limits_follow_the_stream() {
    SseSettings settings =
        read("tokens", "100", "duration", "5s", "first-token", "500ms", "slos", "e2e < duration");

    assertThat(settings.stream().intervalMs()).isEqualTo(50);
    assertThat(settings.common().slos().ns("e2e.max")).isEqualTo(5_500_000_000L);
    assertThat(settings.common().thresholds())
        .filteredOn(limit -> limit.figure().name().equals("gap"))
        .extracting(Threshold::bound)
        .containsExactly(75.0);
  }

  /** Of fewer than 100 gaps the p99 is the longest: one pause would make every open stream bad. */
  @ParameterizedTest
  @ValueSource(strings = {"smoke", "light", "medium", "heavy", "extreme"})
  void a_stream_of_every_profile_may_have_one_gap_beyond_its_p99(String profile) {
    SseSettings settings = read("profile", profile);
    assertThat(settings.common().slos().texts()).anyMatch(slo -> slo.startsWith("gap.p99"));
    assertThat(settings.stream().tokens() - 1).isGreaterThanOrEqualTo(100);
  }

  /** Streams of 2.2 s; of the bundled prompts some have a lower bound. */
  @ParameterizedTest
  @CsvSource({
    "20, turns=3 prompts=bundled cancel=0.1, 122",
    "8,  turns=3 prompts=bundled cancel=0.1, 0",
    "20, turns=3, 172",
    "20, turns=3 cancel=1, 0",
    "20, turns=3 hold=2s, 0", // All that arrive.
    "20, turns=3 max-requests=300, 0",
    "20, turns=3 service.url=http://a, 0", // As long as they are.
    "20, turns=3 service.url=http://a verify=yes, 172",
  })
  void a_rate_needs_as_many_clients_as_its_conversations_keep_busy(
      String rate, String options, int needed) {
    String all = "profile=smoke arrivals=poisson api=chat rate=" + rate + " " + options;
    SuiteConfig config = Options.config("sse-battle", all.split("[= ]"));
    if (needed == 0) {
      assertThat(SseSettings.read(config).users().clients()).isEqualTo(100);
    } else {
      assertThat(Options.errors(() -> SseSettings.read(config)))
          .singleElement(InstanceOfAssertFactories.STRING)
          .startsWith("-Dclients: must be at least " + needed + ", which this rate keeps busy");
    }
  }

  @Test
  void a_peer_takes_the_proxys_place_by_name() {
    SseSettings settings = read("proxy", "haproxy");
    assertThat(settings.bundled().peer()).contains("haproxy");
    assertThat(settings.api()).isEqualTo(Api.CHAT);
    assertThat(read().bundled().peer()).isEmpty();
    assertThat(errors("proxy", "envoy"))
        .containsExactly("-Dproxy: 'envoy' is unknown; choose one of nginx, haproxy");
    assertThat(errors("proxy", "nginx", "proxy.url", "http://127.0.0.1:10080"))
        .containsExactly(
            "-Dproxy: a peer takes the bundled proxy's place: leave -Dproxy.url and -Dproxy.defect"
                + " out");
  }

  @Test
  void a_stream_is_shortened_at_the_same_pace() {
    StreamPlan plan =
        new StreamPlan(163, Duration.ofSeconds(10), Duration.ofMillis(20), Duration.ZERO);

    StreamPlan shorter = plan.shortened(Duration.ofSeconds(4));

    assertThat(shorter.tokens()).isEqualTo(65);
    assertThat(shorter.intervalMs()).isCloseTo(plan.intervalMs(), within(1e-5));
    assertThat(shorter.duration()).isLessThanOrEqualTo(Duration.ofSeconds(4));
    assertThat(shorter.firstToken()).isEqualTo(plan.firstToken());
    assertThat(plan.shortened(Duration.ofSeconds(10))).isEqualTo(plan);
    assertThat(plan.shortened(Duration.ofMillis(1)).tokens()).isEqualTo(1);
  }

  @Test
  void a_service_of_the_users_own_is_neither_probed_nor_verified_nor_broken() {
    SseSettings settings = read("proxy.url", "http://10.0.0.1:80", "api", "chat");

    assertThat(settings.service().url().orElseThrow().base()).isEqualTo("http://10.0.0.1:80");
    assertThat(settings.leavers()).isZero();
    assertThat(settings.breakers()).isZero();
    assertThat(settings.verifyText()).isFalse();
    assertThat(read("proxy.url", "http://a", "verify", "yes").verifyText()).isTrue();
    assertThat(read("verify", "no").verifyText()).isFalse();
    assertThat(errors("proxy.url", "http://a", "llm.defect", "stall"))
        .containsExactly("-Dproxy.defect: a defect can only be planted in the bundled targets");
  }

  @Test
  void a_service_of_the_users_own_is_asked_as_its_api_wants() {
    SseSettings settings =
        read(
            "service.url", "http://a/v1/",
            "api", "messages",
            "model", "C:\\q \"x\".gguf",
            "tokens", "9",
            "api-key", "k1",
            "header", "x-team: blue | x-more: a: b | x-none:",
            "body", "{\"temperature\":0,\"stream\":null}");
    SseRequests requests = new SseRequests(settings, settings.stream());

    assertThat(settings.headers())
        .containsOnly(entry("x-api-key", "k1"), entry("anthropic-version", "2023-06-01"));
    assertThat(settings.common().access().headers())
        .containsOnly(entry("x-team", "blue"), entry("x-more", "a: b"), entry("x-none", ""));
    assertThat(settings.masked("no such key: k1 (blue)")).isEqualTo("no such key: k1 (blue)");
    assertThat(requests.target()).isEqualTo("/v1/messages");
    assertThat(requests.body(requests.ask("c", 7), 0))
        .isEqualTo(
            "{\"model\":\"C:\\\\q \\\"x\\\".gguf\",\"messages\":[{\"role\":\"user\","
                + "\"content\":\"Tell a long story.\"}],\"max_tokens\":9,\"temperature\":0}");
    assertThat(settings.isPlanned()).isFalse();
    assertThat(settings.common().texts()).doesNotContainKeys("api-key", "header");
    assertThat(settings.common().slos().ns("gap.p99")).isEqualTo(Long.MAX_VALUE);
    assertThat(settings.sentence()).contains("stream what the service sends");
  }

  @Test
  void a_header_that_the_user_names_takes_the_place_of_the_apis() {
    assertThat(read("api", "chat", "api-key", "k1", "header", "Authorization: Basic x").headers())
        .isEmpty();
  }

  @Test
  void what_contradicts_in_a_service_is_refused() {
    assertThat(errors("service.url", "http://a", "proxy.url", "http://b"))
        .containsExactly("-Dproxy.url: is another name of -Dservice.url; leave one of them out");
    assertThat(errors("service.url", "http://a", "proxy-server", "http://user:secret@proxy:3128"))
        .containsExactly(
            "-Dproxy-server: takes no user and password; name a proxy that requires none");
    assertThat(errors("service.url", "http://a", "header", "secret"))
        .containsExactly(
            "-Dheader: is not a header such as 'api-key: secret', or several with | between them");
    assertThat(errors("service.url", "http://a", "body", "[]"))
        .containsExactly("-Dbody: '[]' is not a JSON object");
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 2", "100, 1, 2", "300, 1, 3", "1000, 1, 10", "1000, 5, 50", "1000, 0, 0"})
  void probes_are_a_share_of_the_clients_and_at_least_two(
      String clients, String percent, int leavers) {
    assertThat(read("clients", clients, "leavers", percent).leavers()).isEqualTo(leavers);
  }

  @Test
  void the_key_is_in_no_text_of_the_settings() {
    SseSettings settings = read("api-key", "sesame", "proxy.url", "http://a");

    assertThat(settings.service().apiKey()).contains("sesame");
    assertThat(settings.common().texts().values()).noneMatch(text -> text.contains("sesame"));
    assertThat(settings.toString()).doesNotContain("sesame");
    assertThat(settings.sentence()).doesNotContain("sesame");
  }

  private static SseSettings read(String... namesAndValues) {
    return SseSettings.read(Options.config("sse-battle", namesAndValues));
  }

  private static List<String> errors(String... namesAndValues) {
    return Options.errors(() -> read(namesAndValues));
  }
}

package bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StreamLoadTest {
  private final StreamLoad load =
      new StreamLoad(
          1000, 163, Duration.ofSeconds(10), Duration.ofMillis(300), Duration.ofSeconds(5));

  @Test
  void tokens_are_due_at_fixed_times_after_the_request() {
    assertThat(load.dueNs(0)).isEqualTo(300_000_000);
    assertThat(load.dueNs(162)).isEqualTo(300_000_000L + 162 * 10_000_000_000L / 163);
  }

  @Test
  void a_stream_has_two_events_more_than_tokens() {
    assertThat(load.events()).isEqualTo(165_000);
  }

  @Test
  void streams_open_evenly_and_the_plateau_ends_before_the_first_does() {
    assertThat(load.openNs(0)).isZero();
    assertThat(load.openNs(500)).isEqualTo(2_500_000_000L);
    assertThat(load.plateauEndNs()).isEqualTo(10_100_000_000L);
  }

  @Test
  void the_request_asks_for_its_own_pace() {
    assertThat(load.path())
        .isEqualTo(
            "/v1/chat/completions?tokens=163&duration_ms=10000&first_token_ms=300&jitter_ms=0");
  }

  @Test
  void the_sentence_tells_the_load() {
    assertThat(load.sentence())
        .isEqualTo(
            "1,000 streams of 163 tokens in 10 s, opened over 5 s (165,000 events, about 16,300 a"
                + " second)");
  }
}

package bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import settings.BadSettings;

/** What the instrument plans, counts and reads. */
class BenchTest {
  private static final long MS = 1_000_000;

  @Test
  void a_token_of_a_stream_is_due_at_its_place_in_the_stream() {
    Plan plan = Plan.paced(10, 100, Duration.ofSeconds(1));
    assertThat(plan.deliveries()).isEqualTo(1000);
    assertThat(plan.dueNs(plan.index(3, 2))).isEqualTo(10 * MS);
    assertThat(plan.dueNs(plan.index(9, 100))).isEqualTo(990 * MS);
    assertThat(plan.index(0, 101)).isNegative();
  }

  @Test
  void messages_by_turns_are_due_by_the_rate_and_the_last_round_ends_the_streams() {
    Plan plan = new Plan(Plan.Kind.BY_TURNS, 4, 1000, 10, 1);
    assertThat(plan.index(1, 3)).isEqualTo(9);
    assertThat(plan.index(2, 3)).isNegative();
    assertThat(plan.dueNs(9)).isEqualTo(9 * MS);
    assertThat(plan.due(9 * MS)).isEqualTo(10);
    assertThat(plan.due(-1)).isZero();
    assertThat(plan.isLast(5)).isFalse();
    assertThat(plan.isLast(6)).isTrue();
  }

  @Test
  void a_message_to_all_is_due_at_once_for_every_receiver() {
    Plan plan = new Plan(Plan.Kind.TO_ALL, 4, 1000, 10, 31);
    assertThat(plan.deliveries()).isEqualTo(40);
    assertThat(plan.dueNs(plan.index(0, 33))).isEqualTo(plan.dueNs(plan.index(3, 33)));
    assertThat(plan.index(0, 30)).isNegative();
    assertThat(plan.index(3, 40)).isEqualTo(39);
  }

  @Test
  void a_message_counts_once_and_one_of_another_step_not_at_all() throws InterruptedException {
    Arrivals arrivals = new Arrivals("a", new Plan(Plan.Kind.TO_ALL, 2, 1000, 2, 5));
    arrivals.start(System.nanoTime());
    assertThat(arrivals.awaitReached(Duration.ofMillis(20))).isFalse();
    arrivals.take(0, 4);
    arrivals.take(1, 5);
    arrivals.take(1, 5);
    assertThat(arrivals.awaitReached(Duration.ofMillis(20))).isTrue();
    assertThat(arrivals.summary().received()).isEqualTo(1);
    assertThat(arrivals.summary().lost()).isEqualTo(3);
    assertThat(arrivals.summary().maxMs()).isPositive();
  }

  @Test
  void lateness_counts_from_the_due_time() {
    Arrivals arrivals = new Arrivals("a", Plan.paced(1, 2, Duration.ofSeconds(20)));
    arrivals.start(System.nanoTime() - Duration.ofMillis(10_250).toNanos());
    arrivals.take(0, 2);
    assertThat(arrivals.summary().p50Ms()).isCloseTo(250, within(100.0));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 100})
  void messages_are_found_however_the_bytes_are_split(int size) {
    List<Long> events = new ArrayList<>();
    List<Long> sequences = new ArrayList<>();
    Scanner counter = new Scanner(false, events::add);
    Scanner reader = new Scanner(true, sequences::add);
    String text = "data: {\"sequence\":41,\"seq\":7}\n\n: \"x\n\ndata: {\"sequence\":42}\n\n";
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int from = 0; from < bytes.length; from += size) {
      int length = Math.min(size, bytes.length - from);
      counter.read(Unpooled.wrappedBuffer(bytes, from, length));
      reader.read(Unpooled.wrappedBuffer(bytes, from, length));
    }
    assertThat(events).containsExactly(1L, 2L, 3L);
    assertThat(sequences).containsExactly(41L, 42L);
  }

  @Test
  void the_last_rate_of_redis_benchmark_is_read() {
    String printed = "EVALSHA: rps=1.0\r\nEVALSHA: 57887.12 requests per second, p50=0.9 msec";
    assertThat(RedisFloor.rps(printed)).isEqualTo(57887.12);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nothing",
        "streams lanes=direct,envoy",
        "streams rampup=9s",
        "streams rate=1",
        "fanout rates=20,10",
        "relay rates=0",
        "relay receivers"
      })
  void wrong_words_are_refused_before_anything_starts(String words) {
    assertThatExceptionOfType(BadSettings.class)
        .isThrownBy(() -> Bench.read(List.of(words.split(" ", -1))));
  }
}

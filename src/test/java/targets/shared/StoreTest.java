package targets.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.api.StreamConfiguration;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StoreTest {
  private static final Duration RETAIN = Duration.ofMinutes(10);

  @Test
  void a_stream_with_more_replicas_than_needed_is_used_and_one_with_fewer_is_not() {
    assertThat(store(1).difference(stream(3))).isEmpty();
    assertThat(store(3).difference(stream(3))).isEmpty();
    assertThat(store(3).difference(stream(1)))
        .hasValueSatisfying(
            text -> assertThat(text).contains(": replicas (--replicas) is 1, needed 3;"));
  }

  private static StreamConfiguration stream(int replicas) {
    return store(replicas).configuration();
  }

  private static Store store(int replicas) {
    return new Store("S", "s.*", "l.{{wildcard(1)}}", RETAIN, 1 << 20, replicas, Optional.empty());
  }
}

package bench.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StepLoadTest {
  private static final StepLoad LOAD = StepLoad.of("bench-core-1", 3, 4, Duration.ofSeconds(2));

  @Test
  void tokens_are_due_evenly_from_the_start_on() {
    assertThat(LOAD.tokens()).isEqualTo(8);
    assertThat(LOAD.dueNs(0)).isZero();
    assertThat(LOAD.dueNs(3)).isEqualTo(750_000_000);
    assertThat(LOAD.length()).isEqualTo(Duration.ofSeconds(2));
    assertThat(LOAD.dueBy(-1)).isZero();
    assertThat(LOAD.dueBy(0)).isEqualTo(1);
    assertThat(LOAD.dueBy(749_999_999)).isEqualTo(3);
    assertThat(LOAD.dueBy(750_000_000)).isEqualTo(4);
    assertThat(LOAD.dueBy(Long.MAX_VALUE / 8)).isEqualTo(8);
  }

  @Test
  void conversations_take_turns_and_count_from_one() {
    assertThat(IntStream.range(0, 8).map(LOAD::stream)).containsExactly(0, 1, 2, 0, 1, 2, 0, 1);
    assertThat(IntStream.range(0, 8).map(LOAD::sequence)).containsExactly(1, 1, 1, 2, 2, 2, 3, 3);
    for (int token = 0; token < 8; token++) {
      assertThat(LOAD.token(LOAD.stream(token), LOAD.sequence(token))).isEqualTo(token);
    }
  }

  @Test
  void only_the_last_token_of_a_conversation_is_done() {
    assertThat(IntStream.range(0, 8).filter(LOAD::isDone)).containsExactly(5, 6, 7);
    StepLoad endless = new StepLoad("idle", 3, 4, 8, false);
    assertThat(IntStream.range(0, 8).filter(endless::isDone)).isEmpty();
  }

  @Test
  void what_is_not_of_this_step_is_no_token_of_it() {
    assertThat(LOAD.token(0, 0)).isEqualTo(-1);
    assertThat(LOAD.token(2, 3)).isEqualTo(-1);
    assertThat(LOAD.token(3, 1)).isEqualTo(-1);
    assertThat(LOAD.token(-1, 1)).isEqualTo(-1);
    assertThat(LOAD.token(0, Long.MAX_VALUE / 4)).isEqualTo(-1);
    assertThat(LOAD.streamOf(LOAD.id(2))).isEqualTo(2);
    assertThat(LOAD.streamOf("bench-core-11-2")).isEqualTo(-1);
    assertThat(LOAD.streamOf("bench-core-1-x")).isEqualTo(-1);
    assertThat(LOAD.streamOf("bench-core-1-")).isEqualTo(-1);
    assertThat(LOAD.streamOf("other")).isEqualTo(-1);
  }
}

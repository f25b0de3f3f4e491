package simulations.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kpi.Tally;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import settings.SeededText;

/**
 * Goal: the four kinds of damage are distinguished exactly. Method: texts of a seed are damaged by
 * hand, and by a seeded generator, and checked.
 */
class TextCheckTest {
  private static final int TOKENS = 40;
  private static final long SEED = 42;

  private final List<String> tokens = tokens(SEED, TOKENS);

  @ParameterizedTest
  @CsvSource({"13, 5", "13, 6", "13, 7", "35, 5", "0, 40"})
  void tokens_lost_in_a_row_or_at_the_end_are_counted_each(int from, int count) {
    tokens.subList(from, from + count).clear();

    assertThat(faults(SEED, TOKENS, tokens)).containsExactly(count, 0, 0, 0);
  }

  @Test
  void a_token_of_another_seed_is_wrong() {
    assertThat(faults(SEED, TOKENS, tokens(SEED + 31, TOKENS))[3]).isGreaterThan(TOKENS / 2);
  }

  @Test
  void several_kinds_at_once_are_distinguished() {
    tokens.set(35, " nowhere");
    Collections.swap(tokens, 25, 26);
    tokens.add(16, tokens.get(15));
    tokens.remove(5);

    assertThat(faults(SEED, TOKENS, tokens)).containsExactly(1, 1, 1, 1);
  }

  @Test
  void nothing_is_declared_lost_before_the_end() {
    TextCheck check = new TextCheck(SEED);
    tokens.remove(5);
    tokens.subList(0, 10).forEach(check::on);

    assertThat(check.isRight()).isTrue();
    assertThat(counted(check)).containsExactly(0, 0, 0, 0);
    check.end(11);
    assertThat(check.isRight()).isFalse();
    assertThat(counted(check)).containsExactly(1, 0, 0, 0);
  }

  @Test
  void any_fault_or_none_and_up_to_four_lost_anywhere_in_any_text_are_counted_exactly() {
    SplittableRandom chance = new SplittableRandom(1);
    for (int round = 0; round < 40_000; round++) {
      long seed = chance.nextLong(Integer.MAX_VALUE);
      int planned = 5 + chance.nextInt(60);
      List<String> damaged = tokens(seed, planned);
      int kind = chance.nextInt(5);
      int count = kind == 0 ? 1 + chance.nextInt(4) : 1;
      int at = chance.nextInt(planned - (kind == 2 ? 1 : count - 1));
      switch (kind) {
        case 0 -> damaged.subList(at, at + count).clear();
        case 1 -> damaged.add(at + 1, damaged.get(at));
        case 2 -> Collections.swap(damaged, at, at + 1);
        case 3 -> damaged.set(at, " nowhere");
        default -> {} // Unharmed.
      }
      int[] expected = new int[5];
      expected[kind] = count;

      assertThat(faults(seed, planned, damaged))
          .as("seed %d, %d tokens, %d of kind %d at %d", seed, planned, count, kind, at)
          .containsExactly(Arrays.copyOf(expected, 4));
    }
  }

  private static int[] faults(long seed, int planned, List<String> received) {
    TextCheck check = new TextCheck(seed);
    received.forEach(check::on);
    check.end(planned);
    return counted(check);
  }

  /** Tokens lost, duplicated, swapped and wrong. */
  private static int[] counted(TextCheck check) {
    Tally tally = new Tally();
    check.count(tally);
    return Stream.of("lost", "duplicated", "swapped", "wrong")
        .mapToInt(kind -> tally.counters().getOrDefault("tokens_" + kind, 0L).intValue())
        .toArray();
  }

  private static List<String> tokens(long seed, int count) {
    SeededText text = new SeededText(seed);
    return new ArrayList<>(IntStream.range(0, count).mapToObj(text::token).toList());
  }
}

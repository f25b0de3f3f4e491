package targets.relay.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import targets.relay.adapter.StoredTokens.Range;

/** The adapter's search in the store. */
class AdapterTest {
  private static final long DISTANCE = 9973;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 33, 99, 100})
  void a_position_is_found_among_a_million_with_few_reads(long wanted) {
    long last = 100 * DISTANCE;
    Range range = new Range(wanted, 1, last - 1, last);
    int reads = 0;
    while (!range.isEmpty()) {
      long sequence = (range.middle() + DISTANCE - 1) / DISTANCE;
      Token found = new Token(sequence, false, sequence * DISTANCE, new byte[0]);
      range = range.narrowed(Optional.of(found));
      reads++;
    }
    assertThat(range.best()).isEqualTo(wanted * DISTANCE);
    assertThat(reads).isLessThanOrEqualTo(21);
  }

  @Test
  void a_search_ends_when_its_tokens_were_deleted_meanwhile() {
    Range range = new Range(3, 1, 999, 1000);
    while (!range.isEmpty()) {
      range = range.narrowed(Optional.empty());
    }
    assertThat(range.best()).isEqualTo(1000);
  }
}

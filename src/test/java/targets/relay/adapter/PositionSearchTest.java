package targets.relay.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionSearchTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 33, 99, 100})
  void a_position_is_found_among_a_million_with_few_reads(long wanted) {
    // Token n of the conversation is at position 9,973 n.
    TreeMap<Long, Long> store = new TreeMap<>();
    for (long n = 1; n <= 100; n++) {
      store.put(9973 * n, n);
    }
    PositionSearch search = new PositionSearch(wanted, 9973 * 100);
    int reads = 0;
    while (!search.isOver()) {
      var found = store.ceilingEntry(search.probe());
      search.found(found.getKey(), found.getValue());
      reads++;
    }
    assertThat(search.best()).isEqualTo(9973 * wanted);
    assertThat(reads).isLessThanOrEqualTo(21);
  }

  @Test
  void a_search_ends_when_its_tokens_were_deleted_meanwhile() {
    PositionSearch search = new PositionSearch(3, 1000);
    while (!search.isOver()) {
      search.foundNothing();
    }
    assertThat(search.best()).isEqualTo(1000);
  }
}

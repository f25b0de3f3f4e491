package targets.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, sequences and positions: plain calculation. */
class BookkeepingTest {
  @Test
  void the_next_token_is_the_next_one_and_nothing_else() {
    Cursor cursor = new Cursor(5);
    assertThat(cursor.place(4)).isEqualTo(Cursor.Place.BEHIND);
    assertThat(cursor.place(6)).isEqualTo(Cursor.Place.AHEAD);
    assertThat(cursor.place(5)).isEqualTo(Cursor.Place.NEXT);
    cursor.passed(5);
    assertThat(cursor.next()).isEqualTo(6);
    cursor.passed(3);
    assertThat(cursor.next()).isEqualTo(6);
  }

  @Test
  void without_a_beginning_any_token_is_the_first() {
    Cursor cursor = new Cursor(Cursor.ANY);
    assertThat(cursor.place(40)).isEqualTo(Cursor.Place.NEXT);
    cursor.passed(40);
    assertThat(cursor.next()).isEqualTo(41);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 33, 99, 100})
  void a_position_is_found_among_a_million_with_few_questions(long wanted) {
    // Token n of the conversation is at position 9,973 n.
    TreeMap<Long, Long> store = new TreeMap<>();
    for (long n = 1; n <= 100; n++) {
      store.put(9973 * n, n);
    }
    PositionSearch search = new PositionSearch(wanted, 9973 * 100);
    int questions = 0;
    while (!search.isOver()) {
      var found = store.ceilingEntry(search.probe());
      search.found(found.getKey(), found.getValue());
      questions++;
    }
    assertThat(search.best()).isEqualTo(9973 * wanted);
    assertThat(questions).isLessThanOrEqualTo(21);
  }

  @Test
  void a_search_ends_when_what_it_looked_for_was_forgotten() {
    PositionSearch search = new PositionSearch(3, 1000);
    while (!search.isOver()) {
      search.foundNothing();
    }
    assertThat(search.best()).isEqualTo(1000);
  }

  @Test
  void a_shard_is_zlibs_crc_of_the_id() {
    assertThat(Names.shard("123456789", 1 << 30)).isEqualTo(0xCBF43926 & ((1 << 30) - 1));
    assertThat(Names.shard("123456789", 8)).isEqualTo(6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "loadtest-17-3", "A_b-9"})
  void an_id_of_letters_digits_and_dashes_is_taken(String id) {
    assertThat(Names.refusal(id)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.b", "a b", "*", "a>", "é", "a\n", "a/b", "a%2Eb"})
  void any_other_id_is_refused_with_what_is_taken(String id) {
    assertThat(Names.refusal(id)).hasValueSatisfying(why -> assertThat(why).contains("letters"));
    assertThat(Names.refusal("a".repeat(129))).isPresent();
  }
}

package settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeededTextTest {
  @Test
  void the_text_of_seed_42_is_pinned() {
    assertThat(new SeededText(42).first(24))
        .isEqualTo(
            "ban dit far gin kis lin max not bas dit fex gond"
                + " kox lax mind nos bin dit fot gand kal lel mom nit");
    assertThat(new SeededText(42).token(1_000_000)).isEqualTo(" bam");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 42, -1, Long.MIN_VALUE, Long.MAX_VALUE})
  void no_word_appears_twice_within_the_window(long seed) {
    SeededText text = new SeededText(seed);

    for (int from = 0; from < 2_000; from++) {
      Set<String> words = new HashSet<>();
      for (int index = from; index < from + SeededText.WINDOW; index++) {
        words.add(text.token(index).strip());
      }
      assertThat(words).hasSize(SeededText.WINDOW);
    }
  }

  @Test
  void every_word_of_the_list_is_used() {
    SeededText text = new SeededText(1);
    Set<String> words = new HashSet<>();
    for (int index = 0; index < 20_000; index++) {
      words.add(text.token(index).strip());
    }

    assertThat(words).hasSize(256);
  }
}

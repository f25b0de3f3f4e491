package targets.relay.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  @Test
  void a_shard_is_zlibs_crc_of_the_id() {
    assertThat(Names.shard("123456789", 1 << 30)).isEqualTo(0xCBF43926 & ((1 << 30) - 1));
    assertThat(Names.shard("123456789", 8)).isEqualTo(6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "loadtest-17-3", "A_b-9"})
  void an_id_of_letters_digits_and_dashes_is_accepted(String id) {
    assertThat(Names.refusal(id)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.b", "a b", "*", "a>", "é", "a\n", "a/b", "a%2Eb"})
  void any_other_id_is_refused_with_the_letters_that_are_accepted(String id) {
    assertThat(Names.refusal(id)).hasValueSatisfying(why -> assertThat(why).contains("letters"));
    assertThat(Names.refusal("a".repeat(129))).isPresent();
  }
}

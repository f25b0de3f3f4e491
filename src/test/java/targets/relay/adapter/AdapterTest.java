package targets.relay.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import settings.BadSettings;
import targets.relay.adapter.StoredTokens.Range;

/** The adapter's settings, and its search in the store. */
class AdapterTest {
  private static final long DISTANCE = 9973;

  @Test
  void an_origin_has_a_scheme_and_no_path_and_a_domain_no_dots() {
    var wrong = Map.of("allow-origin", "https://a.example, a.example/b", "nats-domain", "a.b");
    assertThatExceptionOfType(BadSettings.class)
        .isThrownBy(() -> AdapterServer.SPEC.start(wrong))
        .extracting(BadSettings::errors)
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .containsExactlyInAnyOrder(
            "--allow-origin: 'a.example/b' is not an origin such as http://localhost:3000, or *",
            "--nats-domain: 'a.b' has other characters than letters, digits, '-' and '_'");
  }

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

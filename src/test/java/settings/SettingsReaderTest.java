package settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.typesafe.config.ConfigFactory;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void reads_each_kind_of_value() {
    SettingsReader from =
        reader(
            "n = 7, big = 5000000000, share = 99.5, wait = 1500ms, size = 64KiB, on = true,"
                + " word = \" two words \", words = [a, b], pick = b, url = \"http://a.b:1/c\"");

    assertThat(from.integer("n", 1, 10)).isEqualTo(7);
    assertThat(from.wholeNumber("big", 0, Long.MAX_VALUE)).isEqualTo(5_000_000_000L);
    assertThat(from.decimal("share", 0, 100)).isEqualTo(99.5);
    assertThat(from.duration("wait", SECOND, MINUTE)).isEqualTo(Duration.ofMillis(1500));
    assertThat(from.bytes("size", 1, 1 << 20)).isEqualTo(65_536);
    assertThat(from.flag("on")).isTrue();
    assertThat(from.text("word")).isEqualTo("two words");
    assertThat(from.texts("words")).containsExactly("a", "b");
    assertThat(from.oneOf("pick", List.of("a", "b"))).isEqualTo("b");
    assertThat(from.httpUrl("url")).contains(URI.create("http://a.b:1/c"));
    assertThat(from.isRight()).isTrue();
    from.finish();
  }

  @Test
  void what_is_absent_or_blank_is_empty_where_that_is_allowed() {
    SettingsReader from = reader("blank = \"  \"");

    assertThat(from.optionalText("blank")).isEmpty();
    assertThat(from.optionalText("absent")).isEmpty();
    assertThat(from.texts("absent")).isEmpty();
    assertThat(from.httpUrl("absent")).isEmpty();
    assertThat(from.isRight()).isTrue();
  }

  @Test
  void reports_every_error_at_once_in_the_order_of_reading_with_the_users_own_words() {
    SettingsReader from =
        reader("n = many, share = 101, wait = 15, size = big, on = maybe, url = \"ftp://a\"");
    assertThat(from.integer("n", 1, 10)).isEqualTo(1);
    assertThat(from.decimal("share", 0, 100)).isZero();
    assertThat(from.duration("wait", SECOND, MINUTE)).isEqualTo(SECOND);
    assertThat(from.bytes("size", 1, 9)).isEqualTo(1);
    from.flag("on");
    assertThat(from.httpUrl("url")).isEmpty();
    assertThat(from.text("absent")).isEmpty();
    from.error("n", "does not go with share");

    assertThat(from.isRight()).isFalse();
    assertThatExceptionOfType(BadSettings.class)
        .isThrownBy(from::finish)
        .satisfies(
            bad ->
                assertThat(bad.errors())
                    .containsExactly(
                        "-Dn: 'many' is not a whole number from 1 to 10",
                        "-Dshare: '101' is not a number from 0.0 to 100.0",
                        "-Dwait: '15' has no unit; write 15s or 15ms",
                        "-Dsize: 'big' is not a number of bytes; write for example 65536 or 1MiB",
                        "-Don: 'maybe' is unknown; choose one of true, false",
                        "-Durl: 'ftp://a' is not an address such as http://127.0.0.1:10080",
                        "-Dabsent: has no value",
                        "-Dn: does not go with share"))
        .satisfies(bad -> assertThat(bad.getMessage().lines()).isEqualTo(bad.errors()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "11", "-1", "1.5", "1e1", "seven", "99999999999999999999", "7s"})
  void refuses_what_is_not_a_whole_number_within_the_bounds(String text) {
    SettingsReader from = reader("n = \"" + text + "\"");

    assertThat(from.integer("n", 1, 10)).isEqualTo(1);
    assertThat(errors(from))
        .containsExactly("-Dn: '" + text + "' is not a whole number from 1 to 10");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "10"})
  void bounds_are_inclusive(String text) {
    SettingsReader from = reader("n = " + text + ", x = " + text + ", d = " + text + "s");

    assertThat(from.integer("n", 1, 10)).isEqualTo(Integer.parseInt(text));
    assertThat(from.decimal("x", 1, 10)).isEqualTo(Double.parseDouble(text));
    assertThat(from.duration("d", SECOND, Duration.ofSeconds(10)).toSeconds())
        .isEqualTo(Long.parseLong(text));
    assertThat(from.isRight()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "Infinity", "-0.1", "100.01", "9,5", "much"})
  void refuses_what_is_not_a_number_within_the_bounds(String text) {
    SettingsReader from = reader("x = \"" + text + "\"");

    assertThat(from.decimal("x", 0, 100)).isZero();
    assertThat(errors(from))
        .containsExactly("-Dx: '" + text + "' is not a number from 0.0 to 100.0");
  }

  @ParameterizedTest
  @CsvSource({
    "15, '''15'' has no unit; write 15s or 15ms'",
    "15x, '''15x'' is not a length of time; write for example 15s, 500ms or 2m'",
    "soon, '''soon'' is not a length of time; write for example 15s, 500ms or 2m'",
    "999ms, '''999ms'' is outside 1s to 60s'",
    "61s, '''61s'' is outside 1s to 60s'",
    "-5s, '''-5s'' is outside 1s to 60s'",
  })
  void says_what_is_wrong_with_a_length_of_time(String text, String sentence) {
    SettingsReader from = reader("d = \"" + text + "\"");

    assertThat(from.duration("d", SECOND, MINUTE)).isEqualTo(SECOND);
    assertThat(errors(from)).containsExactly("-Dd: " + sentence);
  }

  @Test
  void a_length_of_zero_needs_no_unit() {
    SettingsReader from = reader("d = 0");

    assertThat(from.duration("d", Duration.ZERO, MINUTE)).isZero();
    assertThat(from.isRight()).isTrue();
  }

  @Test
  void bytes_outside_the_bounds_are_refused() {
    SettingsReader from = reader("size = 2MiB");

    assertThat(from.bytes("size", 1, 1 << 20)).isEqualTo(1);
    assertThat(errors(from)).containsExactly("-Dsize: '2MiB' is outside 1 to 1048576 bytes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1:80", "//host", "http://", "http:///path", "http://a b", "http://a?b=c"})
  void refuses_what_is_not_an_address(String text) {
    SettingsReader from = reader("url = \"" + text + "\"");

    assertThat(from.httpUrl("url")).isEmpty();
    assertThat(errors(from))
        .containsExactly("-Durl: '" + text + "' is not an address such as http://127.0.0.1:10080");
  }

  @Test
  void takes_https_and_refuses_a_fragment() {
    SettingsReader from = reader("good = \"https://a.example\", bad = \"http://a#b\"");

    assertThat(from.httpUrl("good")).contains(URI.create("https://a.example"));
    assertThat(from.httpUrl("bad")).isEmpty();
    assertThat(from.isRight()).isFalse();
  }

  @Test
  void a_list_is_no_single_value_and_a_single_value_is_no_list() {
    SettingsReader from = reader("list = [a], single = a");

    assertThat(from.optionalText("list")).isEmpty();
    assertThat(from.texts("single")).isEmpty();
    assertThat(errors(from))
        .containsExactly("-Dlist: is not a single value", "-Dsingle: is not a list of texts");
  }

  private static SettingsReader reader(String hocon) {
    return new SettingsReader(ConfigFactory.parseString(hocon), path -> "-D" + path);
  }

  private static List<String> errors(SettingsReader reader) {
    try {
      reader.finish();
      return List.of();
    } catch (BadSettings e) {
      return e.errors();
    }
  }
}

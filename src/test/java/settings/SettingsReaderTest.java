package settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.ConfigFactory;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsReaderTest {
  private static final String ALL_RIGHT =
      """
      n = 1, big = 5000000000, share = 99.5, wait = 1500ms, pause = 250, ramp = 2m, size = 64KiB,
      on = true, word = " two words ", words = "a, b", pick = two-words
      http.url = "https://a:1/c", nats = "tls://me:pw@a?b", odd = 3, limits { least = 2, most = 10 }
      """;

  enum Pick {
    ONE,
    TWO_WORDS
  }

  record Odd(int number) {
    static Odd parse(String text) {
      if (text.matches("\\d*[02468]")) {
        throw new IllegalArgumentException("'" + text + "' is even");
      }
      return new Odd(Integer.parseInt(text));
    }
  }

  record Limits(
      @Option(value = "2", name = "limits.least") int least,
      @Option(value = "10", name = "limits.most") int most)
      implements Checked {
    @Override
    public void check(SettingsReader reader) {
      if (least > most) {
        reader.error("limits.least", "must not be above limits.most");
      }
    }
  }

  record Every(
      @Option(value = "7", in = "1..10", help = "a number") int n,
      @Option long big,
      @Option(in = "0..100") double share,
      @Option(name = "wait", in = "1s..1m") Duration time,
      @Option(form = Option.Form.MILLIS, in = "0..1h") Duration pause,
      @Option(form = Option.Form.SECONDS, in = "0..1h") Duration ramp,
      @Option(in = "1..1MiB") int size,
      @Option boolean on,
      @Option String word,
      @Option(matches = "[a-z]+", otherwise = "is no word") List<String> words,
      @Option Pick pick,
      @Option(name = "http.url", like = "http://127.0.0.1:80") Optional<URI> url,
      @Option(value = "nats://127.0.0.1:4222") URI nats,
      @Option(name = "odd") Optional<Odd> oddNumber,
      Limits limits) {}

  @Test
  void reads_each_kind_of_value() {
    assertThat(reader(ALL_RIGHT).finish(Every.class))
        .isEqualTo(
            new Every(
                1,
                5_000_000_000L,
                99.5,
                Duration.ofMillis(1500),
                Duration.ofMillis(250),
                Duration.ofMinutes(2),
                65_536,
                true,
                "two words",
                List.of("a", "b"),
                Pick.TWO_WORDS,
                Optional.of(URI.create("https://a:1/c")),
                URI.create("tls://me:pw@a?b"),
                Optional.of(new Odd(3)),
                new Limits(2, 10)));
  }

  @Test
  void what_is_absent_or_blank_is_empty_where_that_is_allowed() {
    Every every =
        reader(ALL_RIGHT + "http.url = \"  \", odd = null, words = []").finish(Every.class);

    assertThat(every.url()).isEmpty();
    assertThat(every.oddNumber()).isEmpty();
    assertThat(every.words()).isEmpty();
  }

  @Test
  void the_help_has_the_options_of_nested_records_too() {
    assertThat(Setting.of(Every.class))
        .startsWith(new Setting("n", "7", "a number", int.class))
        .endsWith(new Setting("limits.most", "10", "", int.class))
        .hasSize(16);
  }

  @Test
  void reports_every_error_at_once_in_the_order_of_reading_with_the_users_own_words() {
    SettingsReader from =
        reader(
            ALL_RIGHT
                + "n = many, share = 101, wait = 15, size = big, on = maybe, word = null,"
                + " http.url = \"ftp://a\", limits.least = 11");
    BadSettings bad = catchThrowableOfType(BadSettings.class, () -> from.finish(Every.class));

    assertThat(from.isRight()).isFalse();
    assertThat(bad.getMessage().lines()).isEqualTo(bad.errors());
    assertThat(bad.errors())
        .containsExactly(
            "-Dn: 'many' is not a whole number from 1 to 10",
            "-Dshare: '101' is not a number from 0.0 to 100.0",
            "-Dwait: '15' has no unit; write 15s or 15ms",
            "-Dsize: 'big' is not a number of bytes; write for example 65536 or 1MiB",
            "-Don: 'maybe' is unknown; choose one of true, false",
            "-Dword: has no value",
            "-Dhttp.url: 'ftp://a' is not an address such as http://127.0.0.1:80",
            "-Dlimits.least: must not be above limits.most");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "n | 1.5 | is not a whole number from 1 to 10",
        "n | 1e1 | is not a whole number from 1 to 10",
        "n | 99999999999999999999 | is not a whole number from 1 to 10",
        "n | 7s | is not a whole number from 1 to 10",
        "share | NaN | is not a number from 0.0 to 100.0",
        "share | Infinity | is not a number from 0.0 to 100.0",
        "share | 9,5 | is not a number from 0.0 to 100.0",
        "wait | 15x | is not a length of time; write for example 15s, 500ms or 2m",
        "wait | soon | is not a length of time; write for example 15s, 500ms or 2m",
        "wait | -5s | is outside 1s to 60s",
        "pause | 3600001 | is not a whole number from 0 to 3600000",
        "size | 0 | is outside 1 to 1048576 bytes",
        "words | B | is no word",
        "pick | three | is unknown; choose one of one, two-words",
        "odd | 4 | is even",
        "http.url | 127.0.0.1:80 | is not an address such as http://127.0.0.1:80",
        "http.url | //host | is not an address such as http://127.0.0.1:80",
        "http.url | http:///path | is not an address such as http://127.0.0.1:80",
        "http.url | http://a b | is not an address such as http://127.0.0.1:80",
        "http.url | http://a?b=c | is not an address such as http://127.0.0.1:80",
        "http.url | http://a#b | is not an address such as http://127.0.0.1:80",
        "http.url | ws://a | is not an address such as http://127.0.0.1:80",
      })
  void says_what_is_wrong_with_a_value(String name, String text, String sentence) {
    assertThat(errors(name, text)).containsExactly("-D" + name + ": '" + text + "' " + sentence);
  }

  @Test
  void a_ramp_takes_whole_seconds_alone_and_a_password_in_a_wrong_address_is_masked() {
    assertThat(errors("ramp", "1500ms"))
        .containsExactly("-Dramp: must be whole seconds, such as 15s");
    assertThat(errors("nats", "http://me:hunter2@x"))
        .containsExactly("-Dnats: 'http://***@x' is not an address such as nats://127.0.0.1:4222");
  }

  @Test
  void a_list_is_no_single_value() {
    SettingsReader from = reader(ALL_RIGHT + "n = [1]");
    assertThat(catchThrowableOfType(BadSettings.class, () -> from.finish(Every.class)).errors())
        .containsExactly("-Dn: is not a single value");
  }

  private static List<String> errors(String name, String text) {
    SettingsReader from = reader(ALL_RIGHT + name + " = \"" + text + "\"");
    from.read(Every.class);
    BadSettings bad = catchThrowableOfType(BadSettings.class, from::finish);
    return bad == null ? List.of() : bad.errors();
  }

  private static SettingsReader reader(String hocon) {
    return new SettingsReader(ConfigFactory.parseString(hocon), path -> "-D" + path);
  }
}

package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://user:pw@host:80/a      | http://***@host:80/a",
        "redis://:p@ss@host:6379       | redis://***@host:6379",
        "nats://token@host             | nats://***@host",
        "http://user:p/w@d@host        | http://***@host",
        "http://user:p#w?d@host        | http://***@host",
        "nats://a:b@x:1,nats://c:d@y:2 | nats://***@x:1,nats://***@y:2",
        "http://host:80/users/@me      | http://host:80/users/@me",
        "ws://h/ws?v=1&access_token=abc| ws://h/ws?v=1&access_token=***",
        "https://h?api-version=1&key=s  | https://h?api-version=1&key=***",
        "ws://[::1]:3001/ws            | ws://[::1]:3001/ws",
        "someone@example.org           | someone@example.org",
      })
  void user_info_and_secret_parameters_are_masked_in_every_url(String text, String masked) {
    assertThat(Secrets.masked(text)).isEqualTo(masked);
  }

  /** Secrets by their names, one for each test: a header, and its value. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x-tier: 1        | took 11 s at 10:01, tier 1    | took 11 s at 10:01, tier 1",
        "x-tier: 1        | got x-tier: 1, not 2          | got x-tier: ***, not 2",
        "x-tier: 1        | {\"X-Tier\":\"1\",\"n\":1}    | {\"X-Tier\":\"***\",\"n\":1}",
        "x-tier: 1        | x-tier=12                     | x-tier=12",
        "authorization: Bearer k1 | Authorization: Bearer k1 (k1) | Authorization: Bearer *** (k1)",
        "api-key: sesame-open | no such key sesame-open!  | no such key ***!",
        "api-key: a.b*c   | api-key=a.b*c                 | api-key=***",
        "x-none: ''       | x-none:                       | x-none:",
      })
  void a_short_secret_is_masked_behind_its_name_and_a_long_one_everywhere(
      String header, String text, String masked) {
    String[] words = header.split(": ", 2);
    assertThat(Secrets.masked(text, Map.of(words[0], words[1].replace("''", ""))))
        .isEqualTo(masked);
  }

  @Test
  void secrets_are_left_out_by_name_and_other_settings_stay() {
    assertThat(
            Secrets.removed(
                Map.of(
                    "api-key", "k",
                    "auth.token", "t",
                    "redis.password", "p",
                    "first-token", "0ms",
                    "tokens", "163",
                    "feed-tokens", "20")))
        .containsOnlyKeys("first-token", "tokens", "feed-tokens");
  }
}

package simulations.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import simulations.sse.SseSettings.Api;

class ServiceUrlTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CHAT | http://a:1                    | http://a:1     | a   | 1   | /v1/chat/completions",
        "CHAT | HTTP://a/                     | http://a       | a   | 80  | /v1/chat/completions",
        "CHAT | https://a.b/v1                | https://a.b    | a.b | 443 | /v1/chat/completions",
        "CHAT | http://a/v1/                  | http://a       | a   | 80  | /v1/chat/completions",
        "CHAT | http://a/openai/v1            | http://a       | a   | 80  |"
            + " /openai/v1/chat/completions",
        "CHAT | http://a/v1beta/openai/       | http://a       | a   | 80  |"
            + " /v1beta/openai/chat/completions",
        "CHAT | http://a/v1/chat/completions/ | http://a       | a   | 80  | /v1/chat/completions",
        "CHAT | https://a/d/x?api-version=1-2 | https://a      | a   | 443 |"
            + " /d/x/chat/completions?api-version=1-2",
        "CHAT | http://[::1]:9/v1             | http://[::1]:9 | ::1 | 9   | /v1/chat/completions",
        "CHAT | http://my_llm:80              | http://my_llm:80 | my_llm | 80 |"
            + " /v1/chat/completions",
        "CHAT | http://u:p@a/v1               | http://u:p@a   | a   | 80  | /v1/chat/completions",
        "RESPONSES | http://a                 | http://a       | a   | 80  | /v1/responses",
        "RESPONSES | http://a/v1              | http://a       | a   | 80  | /v1/responses",
        "MESSAGES | http://a                  | http://a       | a   | 80  | /v1/messages",
        "MESSAGES | http://a/v1               | http://a       | a   | 80  | /v1/messages",
        "MESSAGES | http://a/anthropic        | http://a       | a   | 80  |"
            + " /anthropic/v1/messages",
        "SSE  | http://a                      | http://a       | a   | 80  | /sse",
        "SSE  | http://a/feed?x=1             | http://a       | a   | 80  | /feed?x=1",
      })
  void an_address_is_taken_as_people_paste_it(
      Api api, String text, String base, String host, int port, String target) {
    ServiceUrl url = ServiceUrl.parse(text);

    assertThat(url.base()).isEqualTo(base);
    assertThat(url.host()).isEqualTo(host);
    assertThat(url.port()).isEqualTo(port);
    assertThat(url.target(api)).isEqualTo(target);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:80",
        "ftp://a",
        "http://",
        "http://a b",
        "http://u:pw@",
        "http://a:b",
        "http://a:65536",
        "http://a:99999999999"
      })
  void anything_else_is_refused_without_its_password(String text) {
    assertThatThrownBy(() -> ServiceUrl.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not an address such as http://127.0.0.1:10080")
        .hasMessageNotContaining("pw");
  }
}

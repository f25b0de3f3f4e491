package simulations.ticker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.run.Options;
import simulations.run.SuiteConfig;
import simulations.ticker.TickerSettings.Credential;
import simulations.ticker.TickerSettings.Stage;
import verdict.Threshold;

class TickerSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "smoke, '50, PT2S, PT9S, PT0.4S', 3, 20, PT0.05S",
    "quick, '100, PT10S, PT30S, PT5S', 5, 10, PT0.02S",
    "medium, '1000, PT30S, PT2M, PT10S', 5, 5, PT0.02S",
    "stress, '5000, PT1M, PT5M, PT15S', 5, 2, PT0.02S",
  })
  void profiles_are_pinned(String profile, String users, int warmupS, double rate, String slack) {
    TickerSettings settings = read(Map.of(), "profile", profile);
    assertThat(settings.stages()).extracting(Stage::name).containsExactly("");
    assertThat(Options.values(settings.stages().get(0).users())).isEqualTo(users);
    assertThat(settings.common().warmup()).hasSeconds(warmupS);
    assertThat(Options.values(settings.plan()))
        .isEqualTo("[], PT30S, PT5S, " + rate + ", 10, true, " + slack);
    assertThat(settings.isAttacked()).isTrue();
  }

  @Test
  void no_peer_takes_the_tickers_place() {
    assertThatThrownBy(() -> read(Map.of(), "ticker", "nats"))
        .hasMessageContaining("-Dticker: has no peer here");
  }

  @Test
  void quick_is_the_default() {
    assertThat(read(Map.of()))
        .usingRecursiveComparison()
        .isEqualTo(read(Map.of(), "profile", "quick"));
  }

  @Test
  void the_variables_of_the_original_are_understood_and_d_comes_before_them() {
    Map<String, String> environment =
        Map.of(
            "WS_URL", "ws://127.0.0.1:3001/ws",
            "AUTH_TOKEN", "secret",
            "MAX_CONNECTIONS", "1000",
            "TEST_DURATION", "120000",
            "MESSAGE_FREQUENCY", "10000");
    TickerSettings settings = read(environment, "connections", "7");
    assertThat(settings.service().wsUrl()).contains(URI.create("ws://127.0.0.1:3001/ws"));
    assertThat(settings.service().token()).contains("secret");
    assertThat(Options.values(settings.stages().get(0).users())).isEqualTo("7, PT10S, PT2M, PT10S");
    assertThat(settings.isAttacked()).as("only the bundled ticker is attacked").isFalse();
    assertThat(settings.toString()).doesNotContain("secret");
    assertThat(settings.common().texts()).doesNotContainKey("auth.token");
  }

  @ParameterizedTest
  @CsvSource({
    "quick, success_rate >= 100 %, rtt.mean < 5 ms",
    "medium, success_rate > 99 %, rtt.mean < 10 ms",
    "stress, success_rate > 95 %, rtt.mean < 20 ms",
  })
  void more_connections_may_be_slower(String profile, String success, String rtt) {
    assertThat(read(Map.of(), "profile", profile).common().thresholds())
        .extracting(Threshold::text)
        .contains(success, rtt)
        .doesNotHaveDuplicates();
  }

  @Test
  void the_progressive_profile_expects_of_each_stage_what_fits_it() {
    TickerSettings settings = read(Map.of(), "profile", "progressive");
    assertThat(settings.stages()).extracting(Stage::name).containsExactly("100", "1000", "5000");
    assertThat(settings.common().thresholds())
        .extracting(Threshold::checkName)
        .contains("stage_100_rtt_mean", "stage_1000_success_rate", "stage_5000_goodput")
        .doesNotContain("rtt_mean");
    assertThat(settings.longest()).isBetween(Duration.ofMinutes(11), Duration.ofMinutes(16));
    assertThat(settings.sentence())
        .startsWith(
            "In 3 stages, 30 s apart: 100 WebSockets open over 10 s and ping every 5 s for 30 s;"
                + " 1,000");
  }

  @Test
  void a_limit_of_the_users_own_takes_the_place_of_what_is_expected() {
    TickerSettings settings =
        read(
            Map.of("GAUNTLET_STAGES", "10:1s:2s:500,20:1s:2s:500,10:1s:2s:500"),
            "thresholds",
            "stage_20.rtt.mean < 50 ms");
    assertThat(settings.common().thresholds())
        .extracting(Threshold::text)
        .contains(
            "stage_10.rtt.mean < 5 ms", "stage_20.rtt.mean < 50 ms", "stage_10_2.rtt.mean < 5 ms")
        .doesNotContain("stage_20.rtt.mean < 5 ms");
  }

  @Test
  void every_wrong_value_is_reported_at_once() {
    assertThat(
            Options.errors(
                () ->
                    read(
                        Map.of("MAX_CONNECTIONS", "many", "WS_URL", "ws://127.0.0.1:1/ws"),
                        ("frequency=0;stages=100:10s:30s,0:1s:x:5s;expected=rtt.mean < 1 ms;"
                                + "ticker.defect=drop-broadcast;slos=rtt.p99 < 1 s")
                            .split("[;=]", -1))))
        .anyMatch(error -> error.startsWith("-Dconnections: 'many' is not a whole number"))
        .anyMatch(error -> error.startsWith("-Dfrequency: '0' is not a whole number from 10"))
        .anyMatch(error -> error.startsWith("-Dstages: '100:10s:30s' is no stage; write connect"))
        .anyMatch(error -> error.startsWith("-Dstages: the connections of 0:1s:x:5s: '0' is not"))
        .anyMatch(error -> error.contains("the duration of 0:1s:x:5s: 'x' is not a length"))
        .anyMatch(error -> error.startsWith("-Dexpected: 'rtt.mean < 1 ms' does not say for how"))
        .anyMatch(error -> error.startsWith("-Dticker.defect: a defect can only be planted"))
        .anyMatch(error -> error.startsWith("-Dslos: 'rtt.p99 < 1 s' is not a limit of a single"))
        .hasSize(7);
  }

  @Test
  void a_ping_and_a_hello_may_have_lines() {
    String frame = "SEND\nreceipt:#{id}\n\n\\0";
    TickerSettings settings =
        read(
            Map.of("WS_URL", "ws://127.0.0.1:1/ws"),
            "ws.ping",
            frame,
            "ws.hello",
            frame,
            "ws.pong",
            "receipt-id:#{id}");
    assertThat(settings.messages().hello()).contains(frame);
  }

  @ParameterizedTest
  @CsvSource({
    "ws.ping={};ws.pong=/id, -Dws.ping: has neither #{id} nor #{ms}",
    "ws.ping=#{id};ws.pong=pong, -Dws.pong: 'pong' is no JSON pointer such as /id",
    "ws.ping=#{id}, '-Dws.pong: has no value; name what a pong echoes, such as /id, or text'",
    "ws.ping=#{id};ws.pong=t:#{ms}, '-Dws.pong: has #{ms}, which a ping lacks; write it into'",
    "ws.pong=re:#{id}, '-Dws.pong: has #{id}, which a ping lacks; write it into -Dws.ping too'",
    "ws.ping=frame;ws.pong=re:#{id}, '-Dws.pong: has #{id}, which a ping lacks'",
    "ws.ping=#{id};ws.pong=/id;ws.heartbeat=2, -Dws.heartbeat: '2' is not a frame of the service's",
    "ws.ping=#{id};ws.pong=id, -Dws.pong: 'id' is no JSON pointer such as /id",
    "ws.seq=seq, '-Dws.seq: ''seq'' is no JSON pointer; write for example /data/seq, or none'",
    "auth.as=Bearer, -Dauth.as: 'Bearer' is no place of a token; write Authorization: Bearer #{tok",
  })
  void messages_of_another_form_are_refused(String options, String error) {
    String all = "ws.url=ws://127.0.0.1:1/ws;" + options;
    assertThat(Options.errors(() -> read(Map.of(), all.split("[;=]", -1))))
        .singleElement()
        .asString()
        .startsWith(error);
  }

  @ParameterizedTest
  @CsvSource({
    "Authorization: Bearer #{token}, HEADER, Bearer a b, ws://h/ws",
    "x-key: #{token}, HEADER, a b, ws://h/ws",
    "sec-websocket-protocol: #{token}, SUBPROTOCOL, a b, ws://h/ws",
    "?key=v1.#{token}, QUERY, v1.a b, ws://h/ws?key=v1.a+b",
  })
  void a_token_goes_where_the_service_reads_it(
      String text, Credential.Place place, String value, String url) {
    Credential credential = Credential.parse(text);
    assertThat(credential.place()).isEqualTo(place);
    assertThat(credential.value("a b")).isEqualTo(value);
    assertThat(credential.url(URI.create("ws://h/ws"), "a b")).isEqualTo(url);
    assertThat(Credential.parse("?k=#{token}").url(URI.create("ws://h/?a=1"), "t"))
        .isEqualTo("ws://h/?a=1&k=t");
  }

  @Test
  void an_address_of_another_scheme_is_refused() {
    assertThat(Options.errors(() -> read(Map.of(), "ws.url", "http://127.0.0.1:3001")))
        .singleElement()
        .asString()
        .startsWith("-Dws.url: 'http://127.0.0.1:3001' is not an address such as ws://");
    assertThat(Options.errors(() -> read(Map.of(), "ws.url", "ws://my_feed:3001/ws?room=a")))
        .containsExactly(
            "-Dws.url: 'ws://my_feed:3001/ws?room=a' has a host name with an underscore; name its"
                + " IP address, or an alias");
  }

  private static TickerSettings read(Map<String, String> environment, String... pairs) {
    return TickerSettings.read(
        new SuiteConfig("ping-pong", Options.properties(pairs), environment));
  }
}

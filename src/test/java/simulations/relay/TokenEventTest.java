package simulations.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import simulations.relay.TokenEvent.Kind;

class TokenEventTest {
  @Test
  void a_token_has_its_place_its_text_and_its_time_at_each_hop() {
    String data =
        "{\"conversation_id\":\"c\",\"token\":\"x \",\"sequence\":7,\"done\":true,"
            + "\"timestamp\":1700000000000000001,\"other\":[1],"
            + "\"hops\":{\"bridge\":5,\"adapter\":9}}";
    TokenEvent event = TokenEvent.of("{\"event\":\"token\",\"id\":\"7\",\"data\":" + data + "}");
    assertThat(event.kind()).isEqualTo(Kind.TOKEN);
    assertThat(event.data().sequence()).isEqualTo(7);
    assertThat(event.data().done()).isTrue();
    assertThat(event.data().text()).isEqualTo("x");
    assertThat(event.data().publishedNs()).isEqualTo(1_700_000_000_000_000_001L);
    assertThat(event.data().at("bridge")).isEqualTo(5);
    assertThat(event.data().at("adapter")).isEqualTo(9);
    assertThat(event.data().at("redis")).isNull();
    assertThat(event.data().plan())
        .as("without a plan it was due when it was sent")
        .isEqualTo(new TokenEvent.Plan(1_700_000_000_000_000_001L, 0, "", 0, null));
  }

  @Test
  void a_producers_plan_is_read_as_it_was_written() {
    TokenEvent.Plan plan = new TokenEvent.Plan(1, 2, "host", -3, 4L);
    TokenEvent event =
        TokenEvent.of("{\"event\":\"token\",\"data\":{\"sequence\":1," + plan.json() + "}}");
    assertThat(event.data().plan()).isEqualTo(plan);
  }

  @Test
  void an_error_has_its_reason() {
    TokenEvent event = TokenEvent.of("{\"event\":\"error\",\"data\":{\"error\":\"too slow\"}}");
    assertThat(event.kind()).isEqualTo(Kind.ERROR);
    assertThat(event.data().error()).isEqualTo("too slow");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"event\":\"connected\",\"data\":{\"conversation_id\":\"c\"}}",
        "{\"event\":\"token\",\"data\":\"text\"}",
        "{\"event\":\"token\",\"data\":{\"token\":\"without a place\"}}",
        "{\"data\":[DONE]}",
        "no json",
        "",
      })
  void anything_else_is_no_token(String json) {
    assertThat(TokenEvent.of(json).kind()).isEqualTo(Kind.OTHER);
  }
}

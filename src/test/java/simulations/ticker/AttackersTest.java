package simulations.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import settings.JwtPlan;
import simulations.run.Checks;
import testing.ScriptedServer;
import verdict.Check;
import verdict.Check.Outcome;

/** Attacks at servers that are too kind, or too rude, or that log tokens. */
class AttackersTest {
  private static final String UPGRADED = "101 Switching Protocols";
  private static final String HEARTBEAT = "\u0081\u0002{}";
  private static final String CLOSE_1002 = "\u0088\u0002\u0003\u00EA";

  @Test
  void a_wrong_answer_is_named_with_it() throws Exception {
    Attackers attackers = roundAt(UPGRADED, CLOSE_1002);

    assertThat(attackers.attacks.wrong)
        .containsEntry("bad UTF-8", "closed by 1002")
        .containsEntry("a binary message", "closed by 1002")
        .containsEntry("broken JSON", "closed by 1002")
        .containsEntry("expired", "came in")
        .doesNotContainKeys("no mask", "a reserved bit", "a text within a text");
    assertThat(attackers.refused()).isEqualTo(10);
    assertThat(attackers.attacks.untried()).isEmpty();
    assertThat(attackers.attacksRefused().outcome()).isEqualTo(Outcome.FAIL);
    assertThat(attackers.attacksRefused().reason()).contains("bad UTF-8 (closed by 1002), ");
  }

  @ParameterizedTest
  @CsvSource({"'', closed by 1006", "'" + HEARTBEAT + "', accepted"})
  void an_attack_without_a_close_frame_or_an_error_was_not_refused(String frame, String answer)
      throws Exception {
    Attackers attackers = roundAt(UPGRADED, frame);

    assertThat(attackers.attacks.wrong).containsEntry("no mask", answer).hasSize(25);
    assertThat(attackers.refused()).isZero();
    assertThat(attackers.floodsEnded().outcome()).isEqualTo(Outcome.INCONCLUSIVE);
  }

  @ParameterizedTest
  @CsvSource({"401 Unauthorized, 8, 0", "503 Service Unavailable, 0, 8"})
  void a_user_who_is_not_let_in_has_not_attacked_by_frames(String status, int refused, int wrong)
      throws Exception {
    Attackers attackers = roundAt(status, "");

    assertThat(attackers.refused()).isEqualTo(refused);
    assertThat(attackers.attacks.wrong).hasSize(wrong);
    assertThat(attackers.attacks.untried()).hasSize(17).contains("bad UTF-8", "broken JSON");
    assertThat(attackers.attacksRefused().outcome())
        .isEqualTo(wrong == 0 ? Outcome.INCONCLUSIVE : Outcome.FAIL);
  }

  /**
   * A server that gives the same answer to everything; the clock jumps, so that no attack waits.
   */
  private static Attackers roundAt(String status, String frame) throws Exception {
    ScriptedServer.Script script =
        (request, wire) -> {
          wire.send("HTTP/1.1 " + status + "\r\n\r\n");
          wire.in().read();
          wire.send(frame + frame);
          wire.socket().shutdownOutput();
          wire.in().transferTo(OutputStream.nullOutputStream());
        };
    try (ScriptedServer server = new ScriptedServer(script)) {
      URI url = URI.create("ws://127.0.0.1:" + server.port() + "/ws");
      AtomicLong clock = new AtomicLong();
      Attackers attackers =
          new Attackers(url, JwtPlan.GOOD, Duration.ZERO, () -> clock.addAndGet(2_000_000_000));
      attackers.round(attackers.attacks);
      return attackers;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a token eyJhbGciOi, FAIL, The ticker's log holds a token.",
    "no token, PASS, The ticker's log holds no token.",
    ", INCONCLUSIVE, What it rests on could not be read: ",
  })
  void a_token_is_found_in_a_log_that_is_not_utf_8_and_a_missing_log_proves_nothing(
      String text, Outcome outcome, String reason, @TempDir Path folder) throws Exception {
    Path log = folder.resolve("ticker.log");
    if (text != null) {
      Files.writeString(log, "\u00ff\u00c3 " + text, StandardCharsets.ISO_8859_1);
    }
    Checks checks = new Checks(Map.of(), false);
    checks.of("tokens_not_logged").judge(() -> TickerAudit.tokensNotLogged(log));
    Check check = checks.made().get(0);
    assertThat(check.outcome()).isEqualTo(outcome);
    assertThat(check.reason()).startsWith(reason);
  }
}

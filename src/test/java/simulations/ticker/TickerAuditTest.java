package simulations.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.run.Checks;
import verdict.Check;
import verdict.Check.Outcome;

class TickerAuditTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "a token eyJhbGciOi, FAIL, The ticker's log holds a token.",
    "no token, PASS, The ticker's log holds no token.",
    ", INCONCLUSIVE, What it rests on could not be read: ",
  })
  void a_token_is_found_in_a_log_that_is_not_utf_8_and_a_missing_log_proves_nothing(
      String text, Outcome outcome, String reason) throws Exception {
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

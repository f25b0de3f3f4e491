package simulations.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import verdict.Check;
import verdict.Check.Outcome;

class TickerAuditTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"a token eyJhbGciOi, FAIL", "no token, PASS"})
  void a_token_is_found_in_a_log_that_is_not_utf_8(String text, Outcome outcome) throws Exception {
    Path log = folder.resolve("ticker.log");
    Files.write(log, ("\u00ff\u00c3 " + text).getBytes(StandardCharsets.ISO_8859_1));

    assertThat(TickerAudit.tokensNotLogged(log).outcome()).isEqualTo(outcome);
  }

  @Test
  void a_log_that_cannot_be_read_proves_nothing() {
    Check check = TickerAudit.tokensNotLogged(folder.resolve("missing.log"));

    assertThat(check.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
    assertThat(check.reason()).startsWith("The ticker's log could not be read: ");
  }
}

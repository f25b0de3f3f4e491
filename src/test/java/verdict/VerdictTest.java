package verdict;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {
  private static final Check VALID = check("valid", CheckKind.VALIDITY, Grade.PASS);
  private static final Check KEPT = check("kept", CheckKind.INVARIANT, Grade.PASS);
  private static final Check FAST = check("fast", CheckKind.THRESHOLD, Grade.PASS);

  @Test
  void a_run_passes_if_every_check_passes() {
    Verdict verdict = Verdict.of(List.of(VALID, KEPT, FAST));

    assertThat(verdict.schema()).isEqualTo(1);
    assertThat(verdict.verdict()).isEqualTo(Grade.PASS);
    assertThat(verdict.sentence()).isEqualTo("All 3 checks hold.");
    assertThat(verdict.checks()).containsExactly(VALID, KEPT, FAST);
    assertThat(verdict.troubles()).isEmpty();
  }

  @Test
  void nothing_checked_is_nothing_shown() {
    assertThat(Verdict.of(List.of()).verdict()).isEqualTo(Grade.INCONCLUSIVE);
    assertThat(Verdict.of(List.of()).sentence()).isEqualTo("Nothing was checked.");
  }

  @ParameterizedTest
  @CsvSource({
    "PASS, WARN, WARN, true",
    "WARN, INCONCLUSIVE, INCONCLUSIVE, false",
    "INCONCLUSIVE, FAIL, FAIL, false",
    "FAIL, INVALID, INVALID, false",
    "INVALID, PASS, INVALID, false",
    "PASS, PASS, PASS, true",
  })
  void the_worst_check_decides(Grade one, Grade other, Grade worst, boolean good) {
    Verdict verdict =
        Verdict.of(
            List.of(
                check("one", CheckKind.INVARIANT, one),
                check("other", CheckKind.INVARIANT, other)));

    assertThat(verdict.verdict()).isEqualTo(worst);
    assertThat(verdict.verdict().isGood()).isEqualTo(good);
  }

  @Test
  void figures_of_an_invalid_run_are_compared_with_nothing() {
    Check stalled = check("stalled", CheckKind.VALIDITY, Grade.INVALID);
    Check lost = check("lost", CheckKind.INVARIANT, Grade.FAIL);
    Check slow = check("slow", CheckKind.THRESHOLD, Grade.FAIL);
    Check slower = check("slower", CheckKind.BASELINE, Grade.FAIL);

    Verdict verdict = Verdict.of(List.of(stalled, lost, slow, FAST, slower));

    assertThat(verdict.verdict()).isEqualTo(Grade.INVALID);
    assertThat(verdict.sentence()).isEqualTo("stalled's reason.");
    assertThat(verdict.checks())
        .extracting(Check::outcome)
        .containsExactly(
            Grade.INVALID, Grade.FAIL, Grade.INCONCLUSIVE, Grade.INCONCLUSIVE, Grade.INCONCLUSIVE);
    assertThat(verdict.checks().get(3).reason())
        .isEqualTo("Not compared, because the run is invalid.");
  }

  @Test
  void troubles_come_worst_first_and_the_sentence_counts_the_rest() {
    Check unsure = check("unsure", CheckKind.THRESHOLD, Grade.INCONCLUSIVE);
    Check lost = check("lost", CheckKind.INVARIANT, Grade.FAIL);
    Check slow = check("slow", CheckKind.THRESHOLD, Grade.FAIL);

    Verdict verdict = Verdict.of(List.of(VALID, unsure, lost, slow));

    assertThat(verdict.troubles()).containsExactly(lost, slow, unsure);
    assertThat(verdict.sentence()).isEqualTo("lost's reason. And 1 more.");
  }

  @Test
  void the_form_of_the_file_is_pinned() {
    JsonNode json = new ObjectMapper().valueToTree(Verdict.of(List.of(VALID)));

    assertThat(json)
        .hasToString(
            "{\"schema\":1,\"verdict\":\"PASS\",\"sentence\":\"All 1 checks hold.\","
                + "\"fail_on_regression\":false,\"checks\":"
                + "[{\"name\":\"valid\",\"kind\":\"validity\",\"outcome\":\"PASS\","
                + "\"figure\":\"1\",\"limit\":\"2\",\"reason\":\"valid's reason.\"}]}");
  }

  @Test
  void validity_fails_as_invalid_and_an_invariant_as_failed() {
    assertThat(Check.validity("a", false, "", "", "").outcome()).isEqualTo(Grade.INVALID);
    assertThat(Check.validity("a", true, "", "", "").outcome()).isEqualTo(Grade.PASS);
    assertThat(Check.invariant("a", false, "", "", "").outcome()).isEqualTo(Grade.FAIL);
    assertThat(Check.invariant("a", true, "", "", "").outcome()).isEqualTo(Grade.PASS);
  }

  private static Check check(String name, CheckKind kind, Grade outcome) {
    return new Check(name, kind, outcome, "1", "2", name + "'s reason.");
  }
}

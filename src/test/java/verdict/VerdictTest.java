package verdict;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Check VALID = check("valid", Check.Kind.VALIDITY, Check.Outcome.PASS);
  private static final Check KEPT = check("kept", Check.Kind.INVARIANT, Check.Outcome.PASS);
  private static final Check FAST = check("fast", Check.Kind.THRESHOLD, Check.Outcome.PASS);

  @Test
  void a_run_passes_if_every_check_passes() {
    Verdict verdict = Verdict.of(List.of(VALID, KEPT, FAST));

    assertThat(verdict.schema()).isEqualTo(1);
    assertThat(verdict.verdict()).isEqualTo(Check.Outcome.PASS);
    assertThat(verdict.sentence()).isEqualTo("All 3 checks hold.");
    assertThat(verdict.checks()).containsExactly(VALID, KEPT, FAST);
    assertThat(verdict.troubles()).isEmpty();
  }

  @Test
  void nothing_checked_is_nothing_shown() {
    assertThat(Verdict.of(List.of()).verdict()).isEqualTo(Check.Outcome.INCONCLUSIVE);
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
  void the_worst_check_decides(
      Check.Outcome one, Check.Outcome other, Check.Outcome worst, boolean good) {
    Verdict verdict =
        Verdict.of(
            List.of(
                check("one", Check.Kind.INVARIANT, one),
                check("other", Check.Kind.INVARIANT, other)));

    assertThat(verdict.verdict()).isEqualTo(worst);
    assertThat(verdict.verdict().isGood()).isEqualTo(good);
  }

  @Test
  void figures_of_an_invalid_run_are_compared_with_nothing() {
    Check stalled = check("stalled", Check.Kind.VALIDITY, Check.Outcome.INVALID);
    Check lost = check("lost", Check.Kind.INVARIANT, Check.Outcome.FAIL);
    Check slow = check("slow", Check.Kind.THRESHOLD, Check.Outcome.FAIL);
    Check slower = check("slower", Check.Kind.BASELINE, Check.Outcome.FAIL);

    Verdict verdict = Verdict.of(List.of(stalled, lost, slow, FAST, slower));

    assertThat(verdict.verdict()).isEqualTo(Check.Outcome.INVALID);
    assertThat(verdict.sentence()).isEqualTo("stalled's reason.");
    assertThat(verdict.checks())
        .extracting(Check::outcome)
        .containsExactly(
            Check.Outcome.INVALID,
            Check.Outcome.FAIL,
            Check.Outcome.INCONCLUSIVE,
            Check.Outcome.INCONCLUSIVE,
            Check.Outcome.INCONCLUSIVE);
    assertThat(verdict.checks().get(3).reason())
        .isEqualTo("Not compared, because the run is invalid.");
  }

  @Test
  void troubles_come_worst_first_and_the_sentence_counts_the_rest() {
    Check unsure = check("unsure", Check.Kind.THRESHOLD, Check.Outcome.INCONCLUSIVE);
    Check lost = check("lost", Check.Kind.INVARIANT, Check.Outcome.FAIL);
    Check slow = check("slow", Check.Kind.THRESHOLD, Check.Outcome.FAIL);

    Verdict verdict = Verdict.of(List.of(VALID, unsure, lost, slow));

    assertThat(verdict.troubles()).containsExactly(lost, slow, unsure);
    assertThat(verdict.sentence()).isEqualTo("lost's reason. And 1 more.");
  }

  @Test
  void the_form_of_the_file_is_pinned() {
    JsonNode json = MAPPER.valueToTree(Verdict.of(List.of(VALID)));

    assertThat(json)
        .hasToString(
            "{\"schema\":1,\"verdict\":\"PASS\",\"sentence\":\"All 1 checks hold.\","
                + "\"fail_on_regression\":false,\"checks\":"
                + "[{\"name\":\"valid\",\"kind\":\"validity\",\"outcome\":\"PASS\","
                + "\"figure\":\"1\",\"limit\":\"2\",\"reason\":\"valid's reason.\"}]}");
  }

  @Test
  void validity_fails_as_invalid_and_an_invariant_as_failed() {
    assertThat(Check.validity("a", false, "", "", "").outcome()).isEqualTo(Check.Outcome.INVALID);
    assertThat(Check.validity("a", true, "", "", "").outcome()).isEqualTo(Check.Outcome.PASS);
    assertThat(Check.invariant("a", false, "", "", "").outcome()).isEqualTo(Check.Outcome.FAIL);
    assertThat(Check.invariant("a", true, "", "", "").outcome()).isEqualTo(Check.Outcome.PASS);
  }

  /** What a comparison found counts always, what it could not find only if it was asked for. */
  @ParameterizedTest
  @CsvSource({
    // thresholds, baseline, asked for, verdict, the build goes on
    "PASS, PASS, false, PASS, true",
    "PASS, PASS, true, PASS, true",
    "PASS, WARN, false, WARN, true",
    "PASS, WARN, true, WARN, true",
    "PASS, INCONCLUSIVE, false, PASS, true",
    "PASS, INCONCLUSIVE, true, INCONCLUSIVE, false",
    "PASS, FAIL, false, FAIL, true",
    "PASS, FAIL, true, FAIL, false",
    "WARN, INCONCLUSIVE, false, WARN, true",
    "WARN, INCONCLUSIVE, true, INCONCLUSIVE, false",
    "WARN, FAIL, false, FAIL, true",
    "INCONCLUSIVE, PASS, false, INCONCLUSIVE, false",
    "INCONCLUSIVE, PASS, true, INCONCLUSIVE, false",
    "INCONCLUSIVE, INCONCLUSIVE, false, INCONCLUSIVE, false",
    "INCONCLUSIVE, FAIL, false, FAIL, false",
    "FAIL, PASS, false, FAIL, false",
    "FAIL, PASS, true, FAIL, false",
    "FAIL, INCONCLUSIVE, false, FAIL, false",
    "FAIL, FAIL, false, FAIL, false",
    "FAIL, FAIL, true, FAIL, false",
  })
  void a_comparison_decides_the_build_only_if_it_was_asked_for(
      Check.Outcome threshold,
      Check.Outcome baseline,
      boolean asked,
      Check.Outcome verdict,
      boolean goesOn) {
    Verdict found =
        Verdict.of(
            List.of(
                VALID,
                KEPT,
                check("fast", Check.Kind.THRESHOLD, threshold),
                check("change", Check.Kind.BASELINE, baseline)),
            asked);

    assertThat(found.verdict()).isEqualTo(verdict);
    assertThat(found.letsBuildGoOn()).isEqualTo(goesOn);
    assertThat(found.failOnRegression()).isEqualTo(asked);
    assertThat(found.checks()).hasSize(4);
  }

  @ParameterizedTest
  @CsvSource({
    "VALIDITY, INVALID, false, INVALID",
    "VALIDITY, INVALID, true, INVALID",
    "INVARIANT, FAIL, false, FAIL",
    "INVARIANT, FAIL, true, FAIL",
    "THRESHOLD, FAIL, false, FAIL",
    "INVARIANT, INCONCLUSIVE, false, INCONCLUSIVE",
  })
  void what_is_wrong_elsewhere_ends_the_build_whatever_was_asked_for(
      Check.Kind kind, Check.Outcome outcome, boolean asked, Check.Outcome verdict) {
    Check better = check("change", Check.Kind.BASELINE, Check.Outcome.PASS);
    Verdict found = Verdict.of(List.of(VALID, check("bad", kind, outcome), better), asked);

    assertThat(found.verdict()).isEqualTo(verdict);
    assertThat(found.letsBuildGoOn()).isFalse();
  }

  @Test
  void a_missing_baseline_is_said_after_the_sentence_of_a_good_run() {
    Check none = check("baseline", Check.Kind.BASELINE, Check.Outcome.INCONCLUSIVE);
    Check slow = check("slow", Check.Kind.THRESHOLD, Check.Outcome.WARN);

    assertThat(Verdict.of(List.of(VALID, KEPT, none)).sentence())
        .isEqualTo("All 2 checks hold. baseline's reason.");
    assertThat(Verdict.of(List.of(VALID, slow, none)).sentence())
        .isEqualTo("slow's reason. baseline's reason.");
    assertThat(Verdict.of(List.of(VALID, none, none)).sentence())
        .isEqualTo("All 1 checks hold. baseline's reason.");
  }

  @Test
  void a_missing_baseline_is_not_said_where_there_is_worse() {
    Check none = check("baseline", Check.Kind.BASELINE, Check.Outcome.INCONCLUSIVE);
    Check lost = check("lost", Check.Kind.INVARIANT, Check.Outcome.FAIL);

    assertThat(Verdict.of(List.of(VALID, lost, none)).sentence()).isEqualTo("lost's reason.");
  }

  @Test
  void a_missing_baseline_that_was_asked_for_is_the_sentence() {
    Check none = check("baseline", Check.Kind.BASELINE, Check.Outcome.INCONCLUSIVE);

    assertThat(Verdict.of(List.of(VALID, KEPT, none), true).sentence())
        .isEqualTo("baseline's reason.");
  }

  @Test
  void a_comparison_alone_lets_no_build_go_on_that_did_not_ask_for_it() {
    Check same = check("same", Check.Kind.BASELINE, Check.Outcome.PASS);
    Check none = check("baseline", Check.Kind.BASELINE, Check.Outcome.INCONCLUSIVE);

    assertThat(Verdict.of(List.of(same)).letsBuildGoOn()).isFalse();
    assertThat(Verdict.of(List.of(same), true).letsBuildGoOn()).isTrue();
    assertThat(Verdict.of(List.of(none)).verdict()).isEqualTo(Check.Outcome.INCONCLUSIVE);
    assertThat(Verdict.of(List.of(none)).sentence()).isEqualTo("Nothing was checked.");
    assertThat(Verdict.of(List.of()).letsBuildGoOn()).isFalse();
  }

  @Test
  void a_file_says_the_same_when_it_is_read() throws IOException {
    Check slower = check("slower", Check.Kind.BASELINE, Check.Outcome.FAIL);
    Verdict verdict = Verdict.of(List.of(VALID, KEPT, FAST, slower), true);

    assertThat(MAPPER.readValue(MAPPER.writeValueAsBytes(verdict), Verdict.class))
        .isEqualTo(verdict);
  }

  @Test
  void a_file_without_checks_lets_no_build_go_on() throws IOException {
    Verdict verdict = MAPPER.readValue("{\"schema\": 1, \"verdict\": \"PASS\"}", Verdict.class);

    assertThat(verdict.checks()).isEmpty();
    assertThat(verdict.troubles()).isEmpty();
    assertThat(verdict.letsBuildGoOn()).isFalse();
  }

  @Test
  void a_file_from_before_there_were_comparisons_asked_for_none() throws IOException {
    String old = "{\"schema\": 1, \"verdict\": \"PASS\", \"sentence\": \"\", \"checks\": []}";

    assertThat(MAPPER.readValue(old, Verdict.class).failOnRegression()).isFalse();
  }

  private static Check check(String name, Check.Kind kind, Check.Outcome outcome) {
    return new Check(name, kind, outcome, "1", "2", name + "'s reason.");
  }
}

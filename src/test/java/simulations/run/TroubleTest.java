package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import verdict.Check;
import verdict.Check.Outcome;

class TroubleTest {
  @ParameterizedTest
  @CsvSource({
    "offered_load, false, TARGET_DIED, NOT_EVALUATED",
    "offered_load, true,  TARGET_DIED, PASS",
    "offered_load, false, HUNG,        NOT_EVALUATED",
    "offered_load, false, CUT,         INVALID",
    "start_lag,    false, TARGET_DIED, INVALID",
  })
  void a_load_that_ended_early_is_excused_for_what_it_did_not_offer_alone(
      String name, boolean holds, Trouble.Kind kind, Outcome outcome) {
    Check check = Check.validity(name, holds, "90 of 100", "all", "");
    assertThat(new Trouble(kind, "llm died", 3).excuse(check).outcome()).isEqualTo(outcome);
  }
}

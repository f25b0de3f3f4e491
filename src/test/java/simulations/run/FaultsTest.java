package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FaultsTest {
  @Test
  void faults_are_counted_in_words_the_most_frequent_first() {
    Faults faults = new Faults();
    assertThat(faults.words()).isEmpty();
    faults.add("were not opened: code 401", null);
    faults.add("broke: reset", "rst");
    faults.add("broke: reset", "fin");
    assertThat(faults.words())
        .isEqualTo("2 streams broke: reset, the first: rst; 1 stream was not opened: code 401");
  }
}

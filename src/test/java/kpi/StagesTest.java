package kpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StagesTest {
  @Test
  void figures_of_stages_differ_from_those_of_processes_and_of_the_run() {
    assertThat(Stages.isOfStage("stage_100.rtt")).isTrue();
    assertThat(Stages.isOfStage("ticker.rss_max")).isFalse();
    assertThat(Stages.isOfStage("rtt")).isFalse();
    assertThat(Stages.isOfStage("stage_.rtt")).isFalse();
    assertThat(Stages.isOfStage("stage_100")).isFalse();
  }

  @Test
  void stages_come_once_each_and_in_their_order() {
    List<String> figures =
        List.of("rtt", "stage_5000.connect", "stage_100.rtt", "stage_5000.rtt", "stage_100_2.rtt");
    assertThat(Stages.among(figures)).containsExactly("5000", "100", "100_2");
    assertThat(Stages.prefix("100_2")).isEqualTo("stage_100_2.");
  }
}

package bench.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RateSearchTest {
  private static final List<Integer> RATES = List.of(1000, 2000, 4000, 8000);

  private final List<Integer> tried = new ArrayList<>();

  @Test
  void the_knee_is_the_first_rate_that_does_not_hold_and_nothing_above_it_is_tried()
      throws InterruptedException {
    assertThat(search(0, 1, 3000)).isEqualTo(found(2000, 4000));
    assertThat(tried).containsExactly(1000, 2000, 4000);
  }

  @Test
  void the_distance_is_halved_as_often_as_asked_for() throws InterruptedException {
    assertThat(search(2, 1, 3600)).isEqualTo(found(3500, 4000));
    assertThat(tried).containsExactly(1000, 2000, 4000, 3000, 3500);
    tried.clear();
    assertThat(search(3, 1, 2100)).isEqualTo(found(2000, 2250));
    assertThat(tried).containsExactly(1000, 2000, 4000, 3000, 2500, 2250);
  }

  @Test
  void a_lane_that_holds_everywhere_has_no_knee() throws InterruptedException {
    assertThat(search(2, 1, 9000))
        .isEqualTo(new RateSearch.Found(OptionalInt.of(8000), OptionalInt.empty()));
    assertThat(tried).isEqualTo(RATES);
  }

  @Test
  void below_the_first_rate_it_is_looked_for_too() throws InterruptedException {
    assertThat(search(1, 1, 600)).isEqualTo(found(500, 1000));
    tried.clear();
    assertThat(search(5, 1, 0))
        .isEqualTo(new RateSearch.Found(OptionalInt.empty(), OptionalInt.of(125)));
    assertThat(tried).containsExactly(1000, 500, 250, 125);
  }

  @Test
  void a_rate_holds_if_one_of_its_tries_does() throws InterruptedException {
    List<Integer> attempts = new ArrayList<>();
    RateSearch.Found found =
        new RateSearch(List.of(1000, 2000), 0, 3, 1)
            .run(
                (rate, attempt) -> {
                  attempts.add(attempt);
                  return rate == 1000 && attempt == 2;
                });
    assertThat(found).isEqualTo(found(1000, 2000));
    assertThat(attempts).containsExactly(1, 2, 1, 2, 3);
  }

  private RateSearch.Found search(int refine, int tries, int limit) throws InterruptedException {
    return new RateSearch(RATES, refine, tries, 100)
        .run(
            (rate, attempt) -> {
              tried.add(rate);
              return rate <= limit;
            });
  }

  private static RateSearch.Found found(int holds, int fails) {
    return new RateSearch.Found(OptionalInt.of(holds), OptionalInt.of(fails));
  }
}

package targets.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The market that is published. */
class SeededMarketTest {
  private static final List<Kind> ALL = List.of(Kind.values());

  @Test
  void the_same_seed_makes_the_same_market() {
    assertThat(first(100, new SeededMarket(7, 5, 3, ALL)))
        .isEqualTo(first(100, new SeededMarket(7, 5, 3, ALL)))
        .isNotEqualTo(first(100, new SeededMarket(8, 5, 3, ALL)));
  }

  @Test
  void every_kind_is_told_and_half_of_all_are_prices() {
    List<SeededMarket.Told> told = first(10_000, new SeededMarket(42, 10, 3, ALL));
    assertThat(told).extracting(each -> each.subject().kind()).contains(Kind.values());
    assertThat(told.stream().filter(each -> each.subject().kind() == Kind.PRICE).count())
        .isBetween(4_700L, 5_300L);
  }

  @Test
  void what_is_told_is_on_a_subject_that_the_ticker_understands() {
    assertThat(first(1_000, new SeededMarket(42, 10, 3, ALL)))
        .allSatisfy(
            each -> assertThat(Subject.read(each.subject().text())).contains(each.subject()));
  }

  @Test
  void only_the_kinds_that_are_wished_are_told() {
    assertThat(first(100, new SeededMarket(42, 2, 0, List.of(Kind.TRADE))))
        .extracting(each -> each.subject().kind())
        .containsOnly(Kind.TRADE);
    assertThat(first(100, new SeededMarket(42, 2, 0, List.of(Kind.USER_TRADE))))
        .as("trades of users, and no users")
        .extracting(each -> each.subject().kind())
        .containsOnly(Kind.PRICE);
  }

  private static List<SeededMarket.Told> first(int count, SeededMarket market) {
    return Stream.generate(market::next).limit(count).toList();
  }
}

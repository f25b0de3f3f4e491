package targets.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SeededMarketTest {
  private static final List<Kind> ALL = List.of(Kind.values());

  @Test
  void the_same_seed_makes_the_same_market() {
    assertThat(first(100, new SeededMarket(7, 5, 3, ALL)))
        .isEqualTo(first(100, new SeededMarket(7, 5, 3, ALL)))
        .isNotEqualTo(first(100, new SeededMarket(8, 5, 3, ALL)));
  }

  @Test
  void every_kind_occurs_and_half_of_all_are_prices() {
    List<SeededMarket.Event> events = first(10_000, new SeededMarket(42, 10, 3, ALL));
    assertThat(events).extracting(each -> each.subject().kind()).contains(Kind.values());
    assertThat(events.stream().filter(each -> each.subject().kind() == Kind.PRICE).count())
        .isBetween(4_700L, 5_300L);
  }

  @Test
  void every_event_has_a_subject_that_the_ticker_reads() {
    assertThat(first(1_000, new SeededMarket(42, 10, 3, ALL)))
        .allSatisfy(
            each -> assertThat(Subject.read(each.subject().text())).contains(each.subject()));
  }

  @Test
  void only_the_chosen_kinds_occur() {
    assertThat(first(100, new SeededMarket(42, 2, 0, List.of(Kind.TRADE))))
        .extracting(each -> each.subject().kind())
        .containsOnly(Kind.TRADE);
    assertThat(first(100, new SeededMarket(42, 2, 0, List.of(Kind.USER_TRADE))))
        .as("trades of users, and no users")
        .extracting(each -> each.subject().kind())
        .containsOnly(Kind.PRICE);
  }

  private static List<SeededMarket.Event> first(int count, SeededMarket market) {
    return Stream.generate(market::next).limit(count).toList();
  }
}

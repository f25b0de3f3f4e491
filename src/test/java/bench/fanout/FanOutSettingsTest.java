package bench.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import settings.BadSettings;

class FanOutSettingsTest {
  @Test
  void defaults_are_every_lane_with_a_thousand_viewers() {
    FanOutSettings settings = FanOutSettings.read(Map.of());
    assertThat(settings.lanes()).containsExactly(LaneKind.values());
    assertThat(settings.viewers()).isEqualTo(1000);
    assertThat(settings.rates()).isEqualTo(List.of(10, 20, 40));
  }

  @Test
  void every_wrong_option_is_named_at_once() {
    BadSettings bad =
        catchThrowableOfType(
            BadSettings.class,
            () ->
                FanOutSettings.read(
                    Map.of("lanes", "ticker,mqtt", "viewers", "0", "rates", "20,10")));
    assertThat(String.join("\n", bad.errors()))
        .contains("--lanes: 'mqtt' is no lane; write some of ticker,broadcast,nats,nchan")
        .contains("--viewers: '0' is not a whole number from 1")
        .contains("--rates: '20,10' must rise");
  }

  @Test
  void more_messages_than_the_book_holds_are_refused() {
    BadSettings bad =
        catchThrowableOfType(
            BadSettings.class,
            () -> FanOutSettings.read(Map.of("rates", "100000", "duration", "30m")));
    assertThat(bad.errors()).singleElement().asString().contains("--duration: over all --rates");
  }
}

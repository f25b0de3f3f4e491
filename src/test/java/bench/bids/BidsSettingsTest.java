package bench.bids;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import settings.BadSettings;

class BidsSettingsTest {
  @Test
  void defaults_are_both_strategies_up_to_two_thousand_users() {
    BidsSettings settings = BidsSettings.read(Map.of());
    assertThat(settings.strategies()).containsExactly("lua", "optimistic");
    assertThat(settings.users()).containsExactly(100, 1000, 2000);
  }

  @Test
  void every_wrong_option_is_named_at_once() {
    BadSettings bad =
        catchThrowableOfType(
            BadSettings.class,
            () ->
                BidsSettings.read(
                    Map.of("strategies", "lua,luck", "users", "10,5", "duration", "1500ms")));
    assertThat(String.join("\n", bad.errors()))
        .contains("--strategies: 'luck' is no strategy; write lua, optimistic or both")
        .contains("--users: '10,5' must rise")
        .contains("--duration: must be whole seconds");
  }
}

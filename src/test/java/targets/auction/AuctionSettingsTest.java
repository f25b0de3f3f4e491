package targets.auction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import settings.BadSettings;
import targets.auction.archive.ArchiveServer;
import targets.auction.bid.BidServer;
import targets.auction.broadcast.BroadcastServer;
import targets.shared.TargetSpec;

/** Wrong options are reported all at once, before anything starts. */
class AuctionSettingsTest {
  @Test
  void every_wrong_option_of_the_bid_service_is_named() {
    assertThat(
            errors(BidServer.SPEC, Map.of("strategy", "luck", "redis", "http://x", "threads", "0")))
        .hasSize(3)
        .anyMatch(error -> error.startsWith("--strategy: 'luck' is unknown"))
        .anyMatch(error -> error.startsWith("--redis: 'http://x' is not an address"))
        .anyMatch(error -> error.startsWith("--threads: '0'"));
  }

  @Test
  void a_viewer_must_have_time_to_answer_a_ping() {
    assertThat(errors(BroadcastServer.SPEC, Map.of("ping", "60s", "silence", "60s")))
        .containsExactly("--silence: must be longer than --ping, which viewers answer");
  }

  @Test
  void a_password_in_a_wrong_address_is_not_repeated() {
    String wrong = "postgresql://me:secret@db/bids";
    assertThat(errors(ArchiveServer.SPEC, Map.of("postgres", wrong)))
        .singleElement()
        .asString()
        .startsWith("--postgres: must be an address")
        .doesNotContain("secret");
  }

  private static List<String> errors(TargetSpec target, Map<String, String> values) {
    return catchThrowableOfType(BadSettings.class, () -> target.start(values)).errors();
  }
}

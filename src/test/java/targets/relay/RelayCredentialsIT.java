package targets.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;
import stack.TargetProcess;
import targets.relay.message.Guarantee;
import targets.shared.RunningTarget;
import testing.Await;

/** Redis and NATS with passwords: a wrong one is logged once, and the right one ends the outage. */
@Timeout(60)
class RelayCredentialsIT {
  private static final String RIGHT = "right-secret";
  private static final String WRONG = "wrong-secret";

  @RegisterExtension static final Servers servers = new Servers();
  private static URI redis;

  /** The server's own probe has no credentials; given ones must be right. */
  @BeforeAll
  static void start() throws IOException {
    redis = servers.redis().url();
    Files.writeString(
        servers.folder().resolve("nats.conf"),
        "authorization { users: [ {user: relay, password: %s}, {user: probe, password: x} ] }%n"
                .formatted(RIGHT)
            + "no_auth_user: probe\n",
        StandardOpenOption.APPEND);
    servers.nats().restart();
  }

  @ParameterizedTest
  @EnumSource(Guarantee.class)
  void wrong_passwords_are_logged_once_and_never_shown_and_right_ones_end_it(Guarantee delivery)
      throws IOException {
    try (Jedis admin = new Jedis(redis);
        TargetProcess bridge =
            servers.bridgeProcess(
                delivery,
                "redis=" + with(redis, ":" + WRONG),
                "nats=" + nats("relay:" + WRONG),
                "drain=0s")) {
      admin.configSet("requirepass", RIGHT);
      assertThat(bridge.diedByItself()).isNotDone();
      URI url = servers.address();
      String reason = awaitReason(url, "WRONGPASS", "Authorization Violation");
      assertThat(reason).doesNotContain("secret");
      long before = connections(admin);
      long startNs = System.nanoTime();
      assertThat(awaitReason(url, "WRONGPASS", "Authorization Violation")).isEqualTo(reason);
      long elapsedS = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNs);
      assertThat(connections(admin) - before).as("no storm").isLessThan(10 * (1 + elapsedS));
      assertThat(servers.log()).containsOnlyOnce("WRONGPASS").doesNotContain("secret");
      assertThat(servers.log()).containsOnlyOnce("Authorization Violation");
      admin.configSet("requirepass", WRONG);
      Await.until(() -> !Servers.unready(url).contains("Redis"));
      admin.configSet("requirepass", "");
    }
  }

  @ParameterizedTest
  @EnumSource(Guarantee.class)
  void an_adapter_with_a_wrong_password_reports_it_and_one_with_the_right_one_is_ready(
      Guarantee delivery) {
    try (TargetProcess adapter =
        servers.adapterProcess(delivery, "nats=" + nats("relay:" + WRONG), "drain=0s")) {
      URI url = servers.address();
      assertThat(awaitReason(url, "Authorization Violation")).doesNotContain("secret");
      assertThat(servers.log()).containsOnlyOnce("Authorization Violation");
      assertThat(servers.log()).doesNotContain("secret");
      assertThat(adapter.diedByItself()).isNotDone();
    }
    try (RunningTarget right = servers.adapter(delivery, "nats=" + nats("relay:" + RIGHT))) {
      assertThat(Servers.unready(right.url())).isEmpty();
    }
  }

  private static String nats(String credentials) {
    return with(servers.nats().url(), credentials);
  }

  private static String with(URI url, String credentials) {
    return url.toString().replace("://", "://" + credentials + "@");
  }

  /** Waits until all of these are reasons why the target is not ready. */
  private static String awaitReason(URI target, String... parts) {
    return Await.until(
        () -> Servers.unready(target), reason -> Arrays.stream(parts).allMatch(reason::contains));
  }

  private static long connections(Jedis admin) {
    String received = "(?s).*total_connections_received:(\\d+).*";
    return Long.parseLong(admin.info("stats").replaceFirst(received, "$1"));
  }
}

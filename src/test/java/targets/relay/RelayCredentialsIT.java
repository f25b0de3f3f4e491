package targets.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;
import stack.TargetProcess;

/** Redis and NATS with passwords: a wrong one is said once, and all goes on when it is right. */
@Timeout(60)
class RelayCredentialsIT {
  private static final String RIGHT = "right-secret";
  private static final String WRONG = "wrong-secret";

  @TempDir static Path folder;

  private static Servers servers;
  private static URI redis;

  /** The server's own probe has no credentials; who shows some must show the right ones. */
  @BeforeAll
  static void start() throws IOException {
    servers = new Servers(folder);
    redis = servers.redis().url();
    Files.writeString(
        folder.resolve("nats.conf"),
        "authorization { users: [ {user: relay, password: %s}, {user: probe, password: x} ] }%n"
                .formatted(RIGHT)
            + "no_auth_user: probe\n",
        StandardOpenOption.APPEND);
    servers.nats().restart();
  }

  @AfterAll
  static void stop() {
    servers.close();
  }

  @ParameterizedTest
  @EnumSource(Delivery.class)
  void wrong_passwords_are_told_once_and_never_shown_and_right_ones_end_it(Delivery delivery)
      throws IOException {
    try (Jedis admin = new Jedis(redis);
        TargetProcess bridge =
            servers.bridgeProcess(
                delivery, "redis", with(redis, ":" + WRONG), "nats", nats("relay:" + WRONG))) {
      admin.configSet("requirepass", RIGHT);
      assertThat(bridge.diedByItself()).isNotDone();
      URI url = servers.address();
      String reason = awaitReason(url, "WRONGPASS", "Authorization Violation");
      assertThat(reason).doesNotContain("secret");
      long before = connections(admin);
      assertThat(awaitReason(url, "WRONGPASS", "Authorization Violation")).isEqualTo(reason);
      assertThat(connections(admin) - before).isLessThan(10);
      assertThat(servers.log()).containsOnlyOnce("WRONGPASS").doesNotContain("secret");
      assertThat(servers.log()).containsOnlyOnce("Authorization Violation");
      admin.configSet("requirepass", WRONG);
      Chain.awaitMetrics(url, now -> !reason(url).contains("Redis"));
      admin.configSet("requirepass", "");
    }
  }

  @ParameterizedTest
  @EnumSource(Delivery.class)
  void an_adapter_with_a_wrong_password_says_so_and_one_with_the_right_one_is_ready(
      Delivery delivery) {
    try (TargetProcess adapter = servers.adapterProcess(delivery, "nats", nats("relay:" + WRONG))) {
      URI url = servers.address();
      assertThat(awaitReason(url, "Authorization Violation")).doesNotContain("secret");
      assertThat(servers.log()).containsOnlyOnce("Authorization Violation");
      assertThat(servers.log()).doesNotContain("secret");
      assertThat(adapter.diedByItself()).isNotDone();
    }
    try (Servers.Running right = servers.adapter(delivery, "nats", nats("relay:" + RIGHT))) {
      assertThat(reason(right.url())).isEmpty();
    }
  }

  private static String nats(String credentials) {
    return with(servers.nats().url(), credentials);
  }

  private static String with(URI url, String credentials) {
    return url.toString().replace("://", "://" + credentials + "@");
  }

  /** Waits until all of these are said to be why the target is not ready. */
  private static String awaitReason(URI target, String... parts) {
    JsonNode unused =
        Chain.awaitMetrics(
            target, now -> Arrays.stream(parts).allMatch(part -> reason(target).contains(part)));
    assertThat(unused).isNotNull();
    return reason(target);
  }

  private static String reason(URI target) {
    try {
      HttpURLConnection get =
          (HttpURLConnection) target.resolve("/readyz").toURL().openConnection();
      return get.getResponseCode() == HttpURLConnection.HTTP_OK
          ? ""
          : new String(get.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static long connections(Jedis admin) {
    return admin
        .info("stats")
        .lines()
        .filter(line -> line.startsWith("total_connections_received:"))
        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
        .findFirst()
        .orElseThrow();
  }
}

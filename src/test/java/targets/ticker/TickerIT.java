package targets.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nats.client.Connection;
import io.nats.client.Nats;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import stack.NatsServer;
import targets.shared.JdkClient;
import targets.shared.RunningTarget;
import testing.RawWebSocket;

/** The feed, from a real nats-server to real clients. */
@Timeout(120)
class TickerIT {
  private static final int FEW = 10;
  private static final String ALL = "price,volume,holders,trades,user-trades,batch,stats";

  @AutoClose private static NatsServer nats;

  private RunningTicker ticker;
  private final List<JdkClient> clients = new ArrayList<>();

  @BeforeAll
  static void start(@TempDir Path folder) {
    nats = NatsServer.start(folder);
  }

  @AfterEach
  void stop_the_ticker() {
    clients.forEach(JdkClient::close);
    ticker.close();
  }

  @Test
  void a_feed_of_known_size_arrives_complete_and_in_order_at_every_client() throws IOException {
    // Less than sockets hold, so that a client may be as slow as it will.
    begin("send-buffer=256KiB");
    for (int number = 1; number <= 100; number++) {
      connect("user-" + number);
    }
    JsonNode published;
    try (RunningTarget publisher =
        RunningTicker.publisher(nats.url(), "kinds=" + ALL, "users=2", "count=500", "rate=500")) {
      published = publisher.await(now -> now.get("done").asBoolean());
    }
    int ofUsers = count(published, "user-1.user-trades") + count(published, "user-2.user-trades");
    for (int number = 1; number <= clients.size(); number++) {
      int own = count(published, "user-" + number + ".user-trades");
      Sequences got = read(clients.get(number - 1), 500 - ofUsers + own);
      assertThat(got.areComplete()).as("user-%s: %s", number, got.byFeed()).isTrue();
      assertThat(got.byFeed().keySet().stream().filter(feed -> feed.endsWith(".user-trades")))
          .allMatch(feed -> feed.startsWith("user-"))
          .hasSize(own > 0 ? 1 : 0);
    }
    ticker.await("broadcasts", 500);
    conserves();
    assertThat(number(ticker.metrics(), "broadcasts_missing")).isZero();
  }

  @Test
  void a_broadcast_carries_its_place_in_the_feed_and_its_times() throws IOException {
    begin();
    JdkClient client = connect("user-1");
    JsonNode published = RunningTicker.publish(nats.url(), "price", 3);
    JsonNode price = client.next("price:update");
    assertThat(price.get("feed").asText()).isEqualTo(price.get("token").asText() + ".price");
    assertThat(price.get("seq").asLong()).isOne();
    assertThat(price.get("epoch")).isEqualTo(published.get("epoch"));
    assertThat(price.get("nonce").asText()).isNotEmpty();
    long due = price.get("due").asLong();
    long sent = price.get("published").asLong();
    assertThat(due).isLessThanOrEqualTo(sent);
    assertThat(price.get("relayed").asLong()).isBetween(sent, sent + 60_000_000_000L);
  }

  @Test
  void a_subscriber_gets_its_tokens_and_the_market() throws IOException {
    begin();
    JdkClient client = connect("user-1");
    client.send("{\"type\":\"subscribe\",\"tokens\":[\"T2\"]}");
    client.next("subscription:ack");
    JsonNode published = RunningTicker.publish(nats.url(), "price,trades,stats", 300);
    int mine =
        count(published, "T2.price")
            + count(published, "T2.trades")
            + count(published, "market.stats");
    Sequences got = read(client, mine);
    assertThat(got.areComplete()).isTrue();
    assertThat(got.byFeed()).containsOnlyKeys("T2.price", "T2.trades", "market.stats");
  }

  @Test
  void a_slow_client_gets_the_newest_prices_and_the_number_of_skipped_ones() throws Exception {
    begin();
    JdkClient quick = connect("user-1");
    try (RawWebSocket slow = ticker.raw("user-2")) {
      slow.read();
      publishInStep(quick, "odin.token.T1.price", 1000);
      Sequences got = new Sequences();
      while (got.count() + got.skipped() < 1000) {
        got.add(RunningTarget.json(slow.read(RawWebSocket.TEXT).text()));
      }
      assertThat(got.skipped()).isGreaterThan(500);
      assertThat(got.byFeed().get("T1.price")).isSorted().as("the newest came").endsWith(1000L);
    }
    ticker.await("left/1006", 1);
    conserves();
  }

  @Test
  void a_client_too_slow_for_its_trades_is_closed_and_the_others_get_everything() throws Exception {
    begin("outbox=20KiB");
    JdkClient quick = connect("user-1");
    try (RawWebSocket slow = ticker.raw("user-2")) {
      slow.read();
      publishInStep(quick, "odin.trades.T1", 1000);
      assertThat(slow.closeCode()).isEqualTo(1013);
    }
    JsonNode now = ticker.await("closed/outbox_full", 1);
    assertThat(number(now, "deliveries_undelivered")).isPositive();
    conserves();
  }

  @Test
  void a_stalled_client_is_closed_after_the_limit() throws IOException {
    begin("send-buffer=8KiB", "client-stall=500ms", "close-wait=500ms");
    try (RawWebSocket deaf = ticker.raw("user-2")) {
      deaf.read();
      RunningTicker.publish(nats.url(), "price", 2000);
      JsonNode now = ticker.await("closed/stalled", 1);
      assertThat(number(now, "clients_slowed")).isPositive();
      ticker.await("active_connections", 0);
    }
    conserves();
  }

  @Test
  void a_client_with_deflate_gets_compressed_broadcasts_and_one_without_plain_ones()
      throws Exception {
    begin("deflate=true");
    JdkClient plain = connect("user-1");
    try (RawWebSocket packed = RawWebSocket.open(ticker.port())) {
      String offer = "Sec-WebSocket-Extensions: permessage-deflate\r\n";
      assertThat(packed.upgrade(RunningTicker.token("user-2"), offer))
          .contains("permessage-deflate; server_no_context_takeover");
      RunningTicker.publish(nats.url(), "batch", 50);
      assertThat(read(plain, 50).areComplete()).isTrue();
      Sequences got = new Sequences();
      while (got.count() < 50) {
        got.add(RunningTarget.json(packed.read(RawWebSocket.PACKED_TEXT).inflated()));
      }
      assertThat(got.areComplete()).isTrue();
      packed.sendPacked("{\"type\":\"ping\",\"timestamp\":123}");
      assertThat(packed.read(RawWebSocket.TEXT).text())
          .contains("\"type\":\"pong\"", "\"originalTimestamp\":123");
      packed.sendPacked(" ".repeat(100_000));
      ticker.await("active_connections", 1);
    }
    JsonNode closed = ticker.metrics().get("closed");
    assertThat(number(closed, "too_large") + number(closed, "protocol"))
        .as("small compressed, large decompressed")
        .isOne();
  }

  @Test
  void connections_survive_a_kill_and_a_restart_of_nats() throws IOException {
    begin();
    JdkClient client = connect("user-1");
    try (RunningTarget publisher =
        RunningTicker.publisher(nats.url(), "kinds=price", "tokens=1", "rate=100")) {
      client.next("price:update");
      nats.kill();
      ticker.awaitHealth(503);
      client.send("{\"type\":\"ping\",\"timestamp\":1}");
      client.next("pong");
      nats.restart();
      ticker.awaitHealth(200);
      int unread = client.unread();
      for (int number = 0; number <= unread; number++) {
        client.next();
      }
      long before = client.next("price:update").get("seq").asLong();
      assertThat(client.next("price:update").get("seq").asLong()).isEqualTo(before + 1);
      assertThat(publisher.metrics().get("messages_lost").asLong()).isPositive();
    }
    JsonNode now = ticker.metrics();
    assertThat(number(now, "broadcasts_missing")).as("lost broadcasts are counted").isPositive();
    assertThat(number(now, "active_connections")).isOne();
    assertThat(number(now, "nats_losses")).isOne();
  }

  @Test
  void malformed_messages_of_the_market_are_counted_and_rejected() throws Exception {
    begin("max-feeds=1");
    JdkClient client = connect("user-1");
    Connection other = Nats.connect(nats.url().toString());
    try {
      publish(other, "odin.token.T1.price", "no json");
      publish(other, "odin.token.T1.price", "{\"seq\":0}");
      publish(other, "odin.token.T1.colour", "{}");
      other.publish("odin.token.T1.price", new byte[Market.BYTES_MAX + 1]);
      publish(other, "odin.token.T2.price", "{\"price\":1.10}");
      publish(other, "odin.token.T1.price", "{\"price\":1.10}");
      other.flush(Duration.ofSeconds(10));
    } finally {
      other.close();
    }
    ticker.await("broadcasts", 1);
    JsonNode price = client.next();
    assertThat(price.toString()).contains("\"seq\":1").contains("\"published\":");
    JsonNode troubles = ticker.metrics().get("troubles");
    assertThat(number(troubles, "malformed")).isEqualTo(2);
    assertThat(number(troubles, "bad_subject")).isOne();
    assertThat(number(troubles, "too_large")).isOne();
    assertThat(number(troubles, "too_many_feeds")).isOne();
  }

  private static void publish(Connection publisher, String subject, String message) {
    publisher.publish(subject, message.getBytes(StandardCharsets.UTF_8));
  }

  /** Publishes a few large messages whenever a client has those before, which is never slow so. */
  private static void publishInStep(JdkClient client, String subject, int count) throws Exception {
    String message = "{\"text\":\"" + "x".repeat(1000) + "\"}";
    Sequences got = new Sequences();
    Connection market = Nats.connect(nats.url().toString());
    try {
      while (got.count() < count) {
        for (int number = 0; number < FEW; number++) {
          publish(market, subject, message);
        }
        market.flush(Duration.ofSeconds(10));
        got.read(client, FEW);
      }
    } finally {
      market.close();
    }
    assertThat(got.areComplete()).isTrue();
  }

  private void begin(String... options) {
    ticker = RunningTicker.on(nats.url(), TickerServer.SPEC, options);
  }

  private JdkClient connect(String user) {
    JdkClient client = ticker.connect(user);
    client.next("connection:established");
    clients.add(client);
    return client;
  }

  /** Every delivery that began has ended in one of the known ways. */
  private void conserves() throws IOException {
    JsonNode now = ticker.metrics();
    assertThat(number(now, "deliveries_addressed"))
        .isEqualTo(
            number(now, "messages_delivered")
                + number(now, "deliveries_conflated")
                + number(now, "deliveries_undelivered"));
  }

  private static Sequences read(JdkClient client, int count) {
    Sequences got = new Sequences();
    got.read(client, count);
    assertThat(client.unread()).isZero();
    return got;
  }

  private static int count(JsonNode published, String feed) {
    return published.get("feeds").path(feed).asInt();
  }

  private static long number(JsonNode figures, String name) {
    return figures.get(name).asLong();
  }

  /** What one client got, feed by feed. */
  private static final class Sequences {
    private final Map<String, List<Long>> byFeed = new TreeMap<>();
    private int count;
    private int skipped;

    /** Reads so many broadcasts, skipped ones included. */
    void read(JdkClient client, int more) {
      int end = count + skipped + more;
      while (count + skipped < end) {
        add(client.next());
      }
    }

    /** Takes a message; those that are no broadcasts count for nothing. */
    void add(JsonNode message) {
      if (message.get("type").asText().equals("feed:conflated")) {
        message.get("skipped").forEach(ofFeed -> skipped += ofFeed.asInt());
      } else if (message.has("seq")) {
        byFeed
            .computeIfAbsent(message.get("feed").asText(), unused -> new ArrayList<>())
            .add(message.get("seq").asLong());
        count++;
      }
    }

    /** Broadcasts that came. */
    int count() {
      return count;
    }

    /** Returns the number of replaced broadcasts that the ticker reported. */
    int skipped() {
      return skipped;
    }

    Map<String, List<Long>> byFeed() {
      return byFeed;
    }

    /** True if every feed came from 1 on without a hole, in order, and nothing twice. */
    boolean areComplete() {
      return byFeed.values().stream()
          .allMatch(got -> got.equals(LongStream.rangeClosed(1, got.size()).boxed().toList()));
    }
  }
}

package targets.auction;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.StreamConfiguration;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;
import stack.PostgresServer;
import targets.auction.AuctionEvent.Kind;
import targets.auction.Bidders.Reply;
import targets.auction.archive.ArchiveServer;
import targets.auction.broadcast.BroadcastServer;
import targets.shared.RunningTarget;
import testing.Await;

/** What the auction does with stores that are emptied, full, another's or behind its back. */
@Timeout(120)
class StoresIT {
  private static final long HOUR_MS = 3_600_000;
  private static final String EXHAUST =
      """
      local last = '18446744073709551615-18446744073709551615'
      redis.call('XADD', KEYS[1], last, 'no', 'event')
      redis.call('XDEL', KEYS[1], last)\
      """;

  @RegisterExtension static final AuctionStack stack = new AuctionStack();
  private static PostgresServer postgres;
  private static RunningTarget bids;
  private static Bidders bidders;
  @AutoClose private static Jedis redis;

  @BeforeAll
  static void start() {
    postgres = stack.startPostgres();
    bids = stack.bids();
    bidders = new Bidders(bids.port());
    redis = new Jedis(stack.redis().url());
  }

  @Test
  void events_are_published_although_the_clock_of_redis_went_back() {
    StreamEntryID ahead = new StreamEntryID(System.currentTimeMillis() + HOUR_MS, 0);
    redis.xadd(Names.EVENT_LOG, ahead, event("ahead", 1).logEntry());
    Await.until(() -> !stack.stored("ahead").isEmpty());
    redis.flushAll(); // As a replica that had nothing yet takes over.
    bidders.make("behind");
    bidders.bid("behind", "ann", "1");
    assertThat(stack.awaitBids("behind", 2)).hasSize(1);
    RunningTarget next = stack.bids();
    bids.close();
    bids = next;
    bidders.turnTo(next.port());
    bidders.bid("behind", "bob", "2");
    assertThat(stack.awaitBids("behind", 3)).hasSize(2);
  }

  /** As of a relay that was killed after JetStream had an event, before its entry was deleted. */
  @Test
  void an_event_that_jetstream_has_is_not_stored_again() {
    AuctionEvent event = event("twice", 1);
    long repeated = bids.metrics().get("events_repeated").asLong();
    stack.publish("twice", event.json());
    redis.xadd(Names.EVENT_LOG, StreamEntryID.NEW_ENTRY, event.logEntry());
    Await.until(() -> bids.metrics().get("events_repeated").asLong() > repeated);
    assertThat(stack.stored("twice")).hasSize(1);
    Await.until(() -> redis.xlen(Names.EVENT_LOG) == 0);
  }

  @Test
  void an_entry_that_is_no_event_is_counted_once_and_kept_apart() {
    long unreadable = bids.metrics().get("events_unreadable").asLong();
    redis.xadd(Names.EVENT_LOG, StreamEntryID.NEW_ENTRY, Map.of("kind", "nonsense"));
    Await.until(() -> redis.xlen(Names.EVENT_LOG) == 0);
    assertThat(bids.metrics().get("events_unreadable").asLong()).isEqualTo(unreadable + 1);
    assertThat(redis.xrevrange(Names.UNREADABLE, "+", "-", 1).get(0).getFields())
        .containsEntry("kind", "nonsense");
  }

  /** A log whose last position is the largest takes no event; that shows when it is written. */
  @ParameterizedTest
  @CsvSource({"lua, false, 1", "optimistic, unknown, 2"})
  void a_bid_whose_event_redis_refuses_is_not_accepted(
      String strategy, String decided, long sequence) {
    try (RunningTarget other = stack.bids("strategy=" + strategy)) {
      Bidders their = new Bidders(other.port());
      String item = "full-" + strategy;
      their.make(item);
      redis.eval(EXHAUST, 1, Names.EVENT_LOG);
      Reply reply = their.bid(item, "ann", "5");
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.text("decided")).isEqualTo(decided);
      assertThat(their.get(item).sequence()).isEqualTo(sequence);
    } finally {
      redis.del(Names.EVENT_LOG);
    }
  }

  @Test
  void bids_on_an_item_that_is_made_again_after_redis_was_emptied_are_archived() {
    try (RunningTarget archive = archive(stack)) {
      archive.awaitHealth(200);
      bidders.make("again");
      bidders.bid("again", "ann", "100");
      bidders.bid("again", "bob", "101");
      stack.awaitBids("again", 3);
      redis.flushAll();
      bidders.make("again");
      bidders.bid("again", "cid", "1");
      stack.awaitText("3", "SELECT count(*) FROM bids WHERE item_id = 'again'");
      assertThat(
              stack.text(
                  "SELECT current_bid || ' ' || highest_bidder_id FROM items WHERE id = 'again'"))
          .isEqualTo("1.00 cid");
      assertThat(archive.metrics().get("events_refused").asLong()).isZero();
    }
  }

  @Test
  void events_that_the_store_deletes_while_the_archive_is_away_are_counted() {
    try (AuctionStack brief = AuctionStack.another();
        RunningTarget decides = brief.bids()) {
      Bidders their = new Bidders(decides.port());
      try (RunningTarget archive = archive(brief)) {
        their.make("brief");
        their.bid("brief", "ann", "1");
        archive.await("bids_archived", 1);
        assertThat(archive.metrics().get("events_missing").asLong()).isZero();
      }
      their.bid("brief", "ann", "2");
      their.bid("brief", "ann", "3");
      brief.awaitBids("brief", 4);
      brief.deleteStored();
      their.bid("brief", "ann", "4");
      try (RunningTarget archive = archive(brief)) {
        archive.await(now -> now.get("events_missing").asInt() > 0);
        assertThat(archive.metrics().get("events_missing").asLong()).isEqualTo(2);
      }
    }
  }

  @Test
  void a_stream_or_consumer_of_somebody_else_is_left_and_refused_with_the_difference() {
    try (AuctionStack theirs = AuctionStack.another()) {
      StreamConfiguration before =
          StreamConfiguration.builder()
              .name(Names.STORE)
              .subjects(Names.STORED_PREFIX + "*")
              .maxAge(Duration.ofDays(400))
              .build();
      theirs.jetStream(management -> management.addStream(before));
      try (RunningTarget target =
          new RunningTarget(BroadcastServer.SPEC, theirs.natsSetting(), "drain=0s")) {
        assertThat(awaitReason(target, "max-age (--retain) is PT9600H, needed PT24H"))
            .contains("allow-direct is false, needed true", "nats stream edit " + Names.STORE);
      }
      StreamConfiguration after =
          theirs.jetStream(all -> all.getStreamInfo(Names.STORE)).getConfiguration();
      assertThat(after.getMaxAge()).isEqualTo(before.getMaxAge());
      assertThat(after.getRepublish()).isNull();
      theirs.jetStream(management -> management.deleteStream(Names.STORE));
      theirs.bids();
      var consumer =
          ConsumerConfiguration.builder().durable("archival-worker").ackPolicy(AckPolicy.None);
      theirs.jetStream(all -> all.createConsumer(Names.STORE, consumer.build()));
      try (RunningTarget archive = archive(theirs)) {
        assertThat(awaitReason(archive, "ack is none, needed explicit")).contains("max-pending");
      }
    }
  }

  private static RunningTarget archive(AuctionStack servers) {
    return new RunningTarget(
        ArchiveServer.SPEC, servers.natsSetting(), "postgres=" + postgres.url(), "drain=0s");
  }

  /** Returns the health page, once it has these words. */
  private static String awaitReason(RunningTarget target, String words) {
    Await.until(() -> target.get("/health").body().contains(words));
    return target.get("/health").body();
  }

  private static AuctionEvent event(String item, long sequence) {
    return new AuctionEvent(Kind.OPENED, item + sequence, item, sequence, "", "", 0, 0, 0);
  }
}

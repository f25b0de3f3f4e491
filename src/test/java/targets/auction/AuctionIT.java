package targets.auction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import stack.PostgresServer;
import stack.TargetProcess;
import targets.auction.Bidders.Reply;
import targets.shared.Backends;
import targets.shared.JdkClient;
import testing.Await;

/** Accepted = in JetStream = shown to every viewer = archived, also across failures. */
@Timeout(120)
class AuctionIT {
  private static final int USERS = 8;
  private static final int VIEWERS = 20;
  private static final int ENOUGH = 120;
  @RegisterExtension static final AuctionStack stack = new AuctionStack();
  private static PostgresServer postgres;
  private static Bidders bidders;
  private static TargetProcess bids;
  private static TargetProcess broadcast;
  private static TargetProcess archive;

  @BeforeAll
  static void start() {
    postgres = stack.startPostgres();
    bids = startBids("lua");
    bidders = new Bidders(bids.url().getPort());
    stack.awaitStore();
    // So that a burst after a fault drops no viewer of a busy machine.
    broadcast = launch("broadcast", "outbox=16MiB");
    archive = startArchive();
  }

  enum Fault {
    REDIS_DIES,
    NATS_DIES,
    POSTGRES_DIES,
    BIDS_DIES,
    BIDS_BECOMES_OPTIMISTIC,
    ARCHIVE_DIES,
    BROADCAST_FREEZES
  }

  @ParameterizedTest
  @EnumSource
  void accepted_bids_are_stored_shown_and_archived_once_and_in_order(Fault fault) {
    String item = fault.name();
    bidders.make(item);
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<List<Reply>> fight =
        CompletableFuture.supplyAsync(() -> bidders.fight(item, USERS, over::get));
    List<JdkClient> viewers = new ArrayList<>();
    for (int i = 0; i < VIEWERS; i++) {
      viewers.add(watch(item));
    }
    awaitMore(item, ENOUGH);
    happen(fault, item);
    awaitMore(item, ENOUGH);
    // While NATS is away, new viewers get a 503.
    broadcast.awaitReady();
    viewers.add(watch(item));
    over.set(true);
    List<Reply> accepted = fight.join();
    long last = bidders.sequence(item);
    List<AuctionEvent> stored = stack.awaitBids(item, last);
    agree(accepted, stored);
    viewers.forEach(viewer -> sawEverything(viewer, last));
    isArchived(item, stored);
  }

  @Test
  void every_accepted_bid_is_archived_to_the_cent() {
    bidders.make("cents");
    bidders.bid("cents", "ann", "100.99");
    bidders.bid("cents", "o'hara", "101.01");
    bidders.change("cents", "close");
    stack.awaitText("4", "SELECT sequence FROM items WHERE id = 'cents'");
    String bid = "SELECT amount || ' ' || previous_bid FROM bids WHERE user_id = 'o''hara'";
    assertThat(stack.text(bid)).isEqualTo("101.01 100.99");
    String item = "SELECT current_bid || status || highest_bidder_id FROM items WHERE id = 'cents'";
    assertThat(stack.text(item)).isEqualTo("101.01closedo'hara");
  }

  @Test
  void an_event_that_the_schema_refuses_is_kept_with_its_reason_and_delays_no_other() {
    AuctionEvent falling =
        new AuctionEvent(AuctionEvent.Kind.BID, "falling", "refused", 1, "b", "ann", 5, 9, 0);
    stack.publish("refused", falling.json(), new byte[] {'{', 0});
    bidders.make("after");
    bidders.bid("after", "ann", "1");
    stack.awaitText("1", "SELECT count(*) FROM bids WHERE item_id = 'after'");
    stack.awaitText("1", "SELECT count(*) FROM refused_events WHERE reason = 'not an event'");
    assertThat(stack.text("SELECT count(*) FROM bids WHERE item_id = 'refused'")).isEqualTo("0");
    assertThat(stack.text("SELECT reason FROM refused_events WHERE event LIKE '%falling%'"))
        .contains("violates check constraint");
  }

  private static void happen(Fault fault, String item) {
    switch (fault) {
      case REDIS_DIES -> Backends.killAndRestart(stack.redis());
      case NATS_DIES -> Backends.killAndRestart(stack.nats());
      case POSTGRES_DIES -> {
        postgres.kill();
        awaitMore(item, ENOUGH);
        postgres.restart();
      }
      case BIDS_DIES -> {
        bids.kill();
        restartBids("lua");
      }
      case BIDS_BECOMES_OPTIMISTIC -> {
        TargetProcess before = bids;
        restartBids("optimistic");
        before.close();
      }
      case ARCHIVE_DIES -> {
        archive.kill();
        archive = startArchive();
      }
      case BROADCAST_FREEZES -> {
        broadcast.pause();
        awaitMore(item, ENOUGH);
        broadcast.resume();
      }
    }
  }

  private static void restartBids(String strategy) {
    bids = startBids(strategy);
    bidders.turnTo(bids.url().getPort());
  }

  private static TargetProcess startBids(String strategy) {
    return launch("bids", "redis=" + stack.redis().url(), "strategy=" + strategy);
  }

  private static TargetProcess startArchive() {
    return launch("archive", "postgres=" + postgres.url());
  }

  private static TargetProcess launch(String name, String... more) {
    List<String> settings = new ArrayList<>(List.of(stack.natsSetting(), "drain=1s"));
    settings.addAll(List.of(more));
    return stack.launch(name, settings).awaitReady();
  }

  private static JdkClient watch(String item) {
    return new JdkClient(broadcast.url().getPort(), "/ws/items/" + item);
  }

  private static void awaitMore(String item, int events) {
    long before = bidders.sequence(item);
    Await.until(() -> bidders.sequence(item) > before + events);
  }

  private static void agree(List<Reply> accepted, List<AuctionEvent> stored) {
    for (int i = 0; i < stored.size(); i++) {
      assertThat(stored.get(i).sequence()).isEqualTo(i + 2);
      long before = i == 0 ? 0 : stored.get(i - 1).amountCents();
      assertThat(stored.get(i).previousCents()).isEqualTo(before);
      assertThat(stored.get(i).amountCents()).isGreaterThan(before);
    }
    assertThat(stored).extracting(AuctionEvent::eventId).doesNotHaveDuplicates();
    assertThat(accepted).hasSizeGreaterThan(ENOUGH);
    accepted.stream()
        .sorted(Comparator.comparing(Reply::sequence))
        .forEach(
            bid -> {
              AuctionEvent event = stored.get((int) bid.sequence() - 2);
              assertThat(event.eventId()).isEqualTo(bid.text("event_id"));
              assertThat(bid.decimal("your_bid"))
                  .isEqualByComparingTo(Cents.decimal(event.amountCents()));
              assertThat(bid.decimal("previous_bid"))
                  .isEqualByComparingTo(Cents.decimal(event.previousCents()));
            });
  }

  private static void sawEverything(JdkClient viewer, long last) {
    List<Long> sequences = AuctionStack.sequences(viewer, last);
    assertThat(sequences)
        .isEqualTo(LongStream.rangeClosed(sequences.get(0), last).boxed().toList());
    viewer.close();
  }

  private static void isArchived(String item, List<AuctionEvent> stored) {
    // The batch of a killed archive comes last.
    int bids = stored.size();
    String counts =
        "SELECT count(*) || ' ' || count(DISTINCT sequence) FROM bids WHERE item_id = '";
    stack.awaitText(bids + " " + bids, counts + item + "'");
    assertThat(stack.text("SELECT current_bid FROM items WHERE id = '" + item + "'"))
        .isEqualTo(Cents.decimal(stored.get(stored.size() - 1).amountCents()).toString());
  }
}

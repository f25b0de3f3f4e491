package targets.auction;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.Connection;
import io.nats.client.Nats;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import stack.PostgresServer;
import stack.TargetProcess;
import targets.auction.Bidders.Accepted;

/** The archive with real servers: accepted = stored in JetStream = archived, whatever is killed. */
@Timeout(120)
class ArchiveIT {
  private static final int USERS = 6;

  @TempDir static Path folder;

  private static AuctionStack stack;
  private static PostgresServer postgres;
  private static Bidders bidders;
  private static TargetProcess archive;

  @BeforeAll
  static void start() {
    stack = AuctionStack.start(folder);
    postgres = PostgresServer.start(folder);
    bidders = new Bidders(stack.bids().url());
    archive = startArchive("");
  }

  @AfterAll
  static void stop() {
    stack.close();
    postgres.close();
  }

  @Test
  void every_accepted_bid_is_archived_to_the_cent() {
    bidders.make("cents");
    bidders.bid("cents", "ann", "100.99");
    bidders.bid("cents", "o'hara", "101.01");
    bidders.change("cents", "close");
    AuctionStack.await(() -> number("SELECT sequence FROM items WHERE id = 'cents'") == 4);
    assertThat(text("SELECT amount FROM bids WHERE user_id = 'o''hara'")).isEqualTo("101.01");
    assertThat(text("SELECT previous_bid FROM bids WHERE user_id = 'o''hara'")).isEqualTo("100.99");
    assertThat(
            text(
                "SELECT current_bid || status || highest_bidder_id FROM items"
                    + " WHERE id = 'cents'"))
        .isEqualTo("101.01closedo'hara");
  }

  @Test
  void a_killed_postgres_is_waited_for_and_nothing_is_lost() {
    fightWhile(
        "postgres-dies",
        () -> {
          postgres.kill();
          long at = sequence("postgres-dies");
          AuctionStack.await(() -> sequence("postgres-dies") > at + 100);
          postgres.restart();
        });
  }

  @Test
  void a_killed_nats_loses_nothing() {
    fightWhile(
        "nats-dies",
        () -> {
          stack.nats().kill();
          stack.nats().restart();
        });
  }

  @Test
  void a_killed_redis_loses_nothing() {
    fightWhile(
        "redis-dies",
        () -> {
          stack.redis().kill();
          stack.redis().restart();
        });
  }

  @Test
  void a_killed_archive_stores_nothing_twice_and_loses_nothing() {
    fightWhile(
        "archive-dies",
        () -> {
          archive.kill();
          archive = startArchive("");
        });
  }

  @Test
  void what_the_schema_refuses_is_kept_with_its_reason_and_holds_nobody_up() throws Exception {
    Connection connection = Nats.connect(stack.nats().url().toString());
    try {
      AuctionEvent falling =
          new AuctionEvent(EventKind.BID, "falling", "refused", 1, "b", "ann", 5, 9, 0);
      connection.jetStream().publish(Names.stored("refused"), falling.json());
      connection.jetStream().publish(Names.stored("refused"), new byte[] {'{', 0});
    } finally {
      connection.close();
    }
    bidders.make("after");
    bidders.bid("after", "ann", "1");
    AuctionStack.await(() -> number("SELECT count(*) FROM bids WHERE item_id = 'after'") == 1);
    assertThat(number("SELECT count(*) FROM bids WHERE item_id = 'refused'")).isZero();
    AuctionStack.await(
        () -> number("SELECT count(*) FROM refused_events WHERE reason LIKE '%no event%'") == 1);
    assertThat(text("SELECT reason FROM refused_events WHERE event LIKE '%falling%'"))
        .contains("violates check constraint");
  }

  @Test
  void archiving_a_bid_before_its_item_loses_the_first_bid() {
    archive.close();
    archive = startArchive("archive-before-item");
    bidders.make("unmade");
    bidders.bid("unmade", "ann", "1");
    AuctionStack.await(
        () -> number("SELECT count(*) FROM refused_events WHERE event LIKE '%unmade%'") == 1);
    bidders.bid("unmade", "bob", "2");
    AuctionStack.await(() -> number("SELECT count(*) FROM bids WHERE item_id = 'unmade'") == 1);
    assertThat(text("SELECT user_id FROM bids WHERE item_id = 'unmade'")).isEqualTo("bob");
    archive.close();
    archive = startArchive("");
  }

  /** Many bid, something happens in the middle, and then they bid on for a while. */
  private static void fightWhile(String item, Runnable happens) {
    bidders.make(item);
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<List<Accepted>> fight =
        CompletableFuture.supplyAsync(() -> bidders.fight(item, USERS, over::get));
    AuctionStack.await(
        () -> number("SELECT count(*) FROM bids WHERE item_id = '" + item + "'") > 100);
    happens.run();
    long at = sequence(item);
    AuctionStack.await(() -> sequence(item) > at + 100);
    over.set(true);
    List<Accepted> accepted = fight.join();
    long last = sequence(item);
    // What was in the hands of a killed archive comes last.
    AuctionStack.await(
        () -> number("SELECT count(*) FROM bids WHERE item_id = '" + item + "'") == last - 1);
    List<AuctionEvent> stored = stack.storedBids(item);
    assertThat(stored).hasSize((int) last - 1);
    assertThat(number("SELECT count(DISTINCT sequence) FROM bids WHERE item_id = '" + item + "'"))
        .isEqualTo(last - 1);
    assertThat(stored)
        .extracting(AuctionEvent::eventId)
        .containsAll(accepted.stream().map(Accepted::eventId).toList());
    assertThat(text("SELECT current_bid FROM items WHERE id = '" + item + "'"))
        .isEqualTo(Cents.decimal(stored.get(stored.size() - 1).amountCents()).toString());
  }

  private static TargetProcess startArchive(String defect) {
    return stack.launch(
        "archive", List.of("--postgres", postgres.url().toString(), "--defect", defect));
  }

  private static long sequence(String item) {
    return bidders.get(item).json().path("sequence").asLong();
  }

  private static long number(String query) {
    String text = text(query);
    return text == null ? -1 : Long.parseLong(text);
  }

  /** The first value; null if there is none, or PostgreSQL is away. */
  private static String text(String query) {
    try (var connection = DriverManager.getConnection(postgres.url().toString());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      return rows.next() ? rows.getString(1) : null;
    } catch (SQLException e) {
      return null;
    }
  }
}

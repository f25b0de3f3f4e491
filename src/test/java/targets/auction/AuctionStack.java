package targets.auction;

import com.fasterxml.jackson.databind.JsonNode;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.StreamState;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import stack.NatsServer;
import stack.PostgresServer;
import targets.auction.bid.BidServer;
import targets.shared.Backends;
import targets.shared.JdkClient;
import targets.shared.RunningTarget;
import testing.Await;

/** The servers of the auction, and what JetStream, PostgreSQL and viewers have of it. */
final class AuctionStack extends Backends {
  private PostgresServer postgres;

  AuctionStack() {
    super("128m", NatsServer::start);
  }

  /** Starts servers that one test needs beside those of its class, and closes. */
  static AuctionStack another() {
    AuctionStack stack = new AuctionStack();
    stack.start();
    return stack;
  }

  PostgresServer startPostgres() {
    postgres = started(PostgresServer.start(folder()));
    return postgres;
  }

  /** Starts a bid service in this process, and waits until it is ready and the store is made. */
  RunningTarget bids(String... more) {
    List<String> settings = new ArrayList<>(List.of("redis=" + redis().url(), natsSetting()));
    settings.addAll(List.of(more));
    RunningTarget bids = inProcess(BidServer.SPEC, settings);
    bids.awaitHealth(200);
    awaitStore();
    return bids;
  }

  String natsSetting() {
    return "nats=" + nats().url();
  }

  /** Returns an item's events in JetStream, in its order. */
  List<AuctionEvent> stored(String item) {
    return jetStream(
        management -> {
          List<AuctionEvent> events = new ArrayList<>();
          long last = state(management).getLastSequence();
          for (long position = 1; position <= last; position++) {
            AuctionEvent.read(management.getMessage(Names.STORE, position).getData())
                .filter(event -> event.itemId().equals(item))
                .ifPresent(events::add);
          }
          return events;
        });
  }

  /** Waits until a target has made the store; a bid service is ready before. */
  void awaitStore() {
    Await.until(() -> jetStream(JetStreamManagement::getStreamNames).contains(Names.STORE));
  }

  private static StreamState state(JetStreamManagement management)
      throws IOException, JetStreamApiException {
    return management.getStreamInfo(Names.STORE).getStreamState();
  }

  /** Deletes every event in JetStream, one by one as their age does. */
  void deleteStored() {
    jetStream(
        management -> {
          StreamState state = state(management);
          for (long at = state.getFirstSequence(); at <= state.getLastSequence(); at++) {
            management.deleteMessage(Names.STORE, at);
          }
          return state;
        });
  }

  /** Stores messages as an item's events. */
  void publish(String item, byte[]... bodies) {
    jetStream(
        management -> {
          for (byte[] body : bodies) {
            management.jetStream().publish(Names.stored(item), body);
          }
          return bodies.length;
        });
  }

  /** Returns an item's accepted bids in JetStream, once it has the event of this sequence. */
  List<AuctionEvent> awaitBids(String item, long sequence) {
    Await.until(() -> stored(item).stream().anyMatch(event -> event.sequence() == sequence));
    return stored(item).stream().filter(event -> event.kind() == AuctionEvent.Kind.BID).toList();
  }

  /** Reads a viewer's messages up to a sequence; returns the sequences, from the state on. */
  static List<Long> sequences(JdkClient viewer, long last) {
    List<Long> sequences = new ArrayList<>();
    while (sequences.isEmpty() || sequences.get(sequences.size() - 1) != last) {
      JsonNode message = viewer.next();
      if (!message.get("type").asText().equals("connected")) {
        sequences.add(message.path("sequence").asLong());
      }
    }
    return sequences;
  }

  /** Waits until PostgreSQL answers so. */
  void awaitText(String expected, String query) {
    Await.until(() -> expected.equals(text(query)));
  }

  /** Returns the first value; null if there is none, or PostgreSQL is away. */
  String text(String query) {
    try (var connection = DriverManager.getConnection(postgres.url().toString());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      return rows.next() ? rows.getString(1) : null;
    } catch (SQLException e) {
      return null;
    }
  }
}

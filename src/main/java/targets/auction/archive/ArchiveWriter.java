package targets.auction.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nats.client.Message;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import targets.auction.AuctionEvent;
import targets.auction.archive.ArchiveServer.EventArchive;
import targets.shared.LinkState;
import targets.shared.Pump;

/** Stores messages in PostgreSQL; keeps those that cannot be stored apart, with the reason. */
final class ArchiveWriter implements Pump.Sink<Message> {
  private static final String VIOLATION = "23";
  private static final String BAD_DATA = "22";

  private final PostgresArchive postgres;
  private final EventArchive archive;
  private final LinkState state;
  private final ArchiveServer.Figures counters;

  /** True if PostgreSQL answered since the last check. */
  private boolean answered;

  ArchiveWriter(
      PostgresArchive postgres,
      UnaryOperator<EventArchive> seam,
      LinkState state,
      ArchiveServer.Figures counters) {
    this.postgres = postgres;
    this.archive = seam.apply(postgres);
    this.state = state;
    this.counters = counters;
  }

  @Override
  public boolean isReady() {
    if (!answered) {
      try {
        postgres.check();
        state.up();
      } catch (SQLException e) {
        state.down(words(e));
        return false;
      }
    }
    answered = false;
    return true;
  }

  @Override
  public int deliver(List<Message> messages) {
    Map<Message, AuctionEvent> events = new LinkedHashMap<>();
    try {
      for (Message message : messages) {
        Optional<AuctionEvent> event = AuctionEvent.read(message.getData());
        if (event.isPresent()) {
          events.put(message, event.get());
        } else {
          refuse(message, "not an event");
        }
      }
      store(events);
      state.up();
      answered = true;
      return messages.size();
    } catch (SQLException e) {
      state.down(words(e));
      counters.retries.increment();
      return 0;
    }
  }

  /** Stores events in one transaction, or one by one if PostgreSQL refuses one of them. */
  private void store(Map<Message, AuctionEvent> events) throws SQLException {
    try {
      int added = events.isEmpty() ? 0 : archive.store(List.copyOf(events.values()));
      count(events.values(), added);
    } catch (SQLException e) {
      String code = String.valueOf(e.getSQLState());
      if (!code.startsWith(VIOLATION) && !code.startsWith(BAD_DATA)) {
        throw e;
      }
      for (Map.Entry<Message, AuctionEvent> event : events.entrySet()) {
        if (events.size() == 1) {
          refuse(event.getKey(), words(e));
        } else {
          store(Map.of(event.getKey(), event.getValue()));
        }
      }
    }
  }

  private void count(Collection<AuctionEvent> events, int added) {
    long bids = events.stream().filter(event -> event.kind() == AuctionEvent.Kind.BID).count();
    counters.batches.add(events.isEmpty() ? 0 : 1);
    counters.archived.add(added);
    counters.repeated.add(bids - added);
    counters.others.add(events.size() - bids);
  }

  private void refuse(Message message, String reason) throws SQLException {
    long position = message.metaData().streamSequence();
    postgres.refuse(position, new String(message.getData(), UTF_8), reason);
    counters.refused.increment();
  }

  private static String words(SQLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
  }
}

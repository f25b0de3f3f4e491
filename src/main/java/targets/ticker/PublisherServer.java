package targets.ticker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nats.client.Connection;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import settings.Option;
import settings.SettingsReader;
import targets.shared.Clocks;
import targets.shared.Counters;
import targets.shared.Extension;
import targets.shared.Json;
import targets.shared.Listener;
import targets.shared.NatsLink;
import targets.shared.Service;
import targets.shared.TargetSpec;
import targets.shared.Worker;

/**
 * Publishes the market on an open schedule: message n is due n/rate seconds after the first, and
 * late ones are published at once, as real events would be. It begins when NATS answers for the
 * first time; messages due while NATS is away later are lost, and counted: due = published + lost.
 * One thread publishes.
 */
public final class PublisherServer extends Worker {
  public static final TargetSpec SPEC =
      new TargetSpec(
          "ticker-publisher",
          3002,
          "Seeded market for the ticker, published to NATS at a steady rate",
          Settings.class,
          reader -> start(reader, Clocks.SYSTEM));

  private static final double NS_OF_S = 1e9;
  private static final double NS_OF_MS = 1e6;
  private static final long FIRST_LOOK_NS = 10_000_000;
  private static final Duration JOIN = Duration.ofSeconds(2);

  record Settings(
      Listener listener,
      @Option(value = "nats://127.0.0.1:4222", help = "NATS, with user and password if needed")
          URI nats,
      @Option(value = "10", in = "0.001..1000000", help = "messages a second, in all") double rate,
      @Option(value = "0", help = "messages in all, 0 for no end") long count,
      @Option(value = "10", in = "1..2000", help = "tokens: T1, T2 and so on") int tokens,
      @Option(value = "0", in = "0..1000000", help = "users with trades: user-1, user-2 and so on")
          int users,
      @Option(value = "price,volume,holders,trades,user-trades,batch,stats", help = "kinds")
          List<Subject.Kind> kinds,
      @Option(value = "42", in = "-9223372036854775808..", help = "seed of the market")
          long seed) {}

  private final Settings settings;
  private final SeededMarket market;
  private final NatsLink nats;
  private final Clocks clocks;
  private final long epoch;
  private final LongAdder published;
  private final LongAdder lost;
  private final ConcurrentMap<String, Long> sequences = new ConcurrentHashMap<>();
  private volatile long lateNs;
  private volatile long lateMaxNs;
  private volatile boolean done;

  private PublisherServer(Settings settings, NatsLink nats, Counters counters, Clocks clocks) {
    super("publishing", JOIN);
    this.settings = settings;
    this.market =
        new SeededMarket(settings.seed(), settings.tokens(), settings.users(), settings.kinds());
    this.nats = nats;
    this.clocks = clocks;
    this.epoch = clocks.unixNs();
    published = counters.counter("messages_published", "Messages handed to NATS's client");
    lost = counters.counter("messages_lost", "Messages due while NATS was away");
    counters.figure("late_ms", () -> lateNs / NS_OF_MS);
    counters.figure("late_max_ms", () -> lateMaxNs / NS_OF_MS);
    counters.figure("done", () -> done);
    counters.figure("epoch", () -> epoch);
    counters.figure("feeds", () -> new TreeMap<>(sequences));
    counters.exportGauge("publisher_feeds", "Feeds published so far", sequences::size);
  }

  /**
   * Starts a publisher, as {@link TargetSpec#start} does; the clocks are of schedule and stamps.
   */
  public static Service start(SettingsReader reader, Clocks clocks, Extension... extensions) {
    Settings settings = reader.finish(Settings.class);
    Counters counters = new Counters("publisher_", clocks.wall());
    Service service = new Service("publisher", 1, counters, extensions);
    NatsLink nats =
        service.add(
            new NatsLink(
                settings.nats(), SPEC.name(), counters, NatsLink.Watcher.NONE, Optional.empty()));
    nats.states().forEach(service::needs);
    service.add(new PublisherServer(settings, nats, counters, clocks));
    service.listen(settings.listener());
    return service;
  }

  @Override
  protected boolean isOver() {
    return done || isClosed();
  }

  @Override
  protected long work() throws InterruptedException {
    while (!nats.isUp()) {
      if (await(FIRST_LOOK_NS)) {
        return 0;
      }
    }
    // In this order, so that no message comes before the time of day at which it was due.
    long startUnixNs = clocks.unixNs();
    long startNs = clocks.nowNs();
    for (long number = 0; settings.count() == 0 || number < settings.count(); number++) {
      long sinceNs = Math.round(number * NS_OF_S / settings.rate());
      if (await(startNs + sinceNs - clocks.nowNs())) {
        return 0;
      }
      publish(startUnixNs + sinceNs);
      lateNs = clocks.nowNs() - startNs - sinceNs;
      lateMaxNs = Math.max(lateMaxNs, lateNs);
    }
    done = true;
    return 0;
  }

  private void publish(long dueUnixNs) {
    SeededMarket.Event event = market.next();
    Subject subject = event.subject();
    ObjectNode message = event.content();
    message.put("type", subject.kind().type);
    message.put("seq", sequences.merge(subject.feed(), 1L, Long::sum));
    message.put("epoch", epoch);
    message.put("due", dueUnixNs);
    message.put("published", clocks.unixNs());
    Optional<Connection> connection = nats.connection();
    try {
      connection.ifPresent(open -> open.publish(subject.text(), Json.bytes(message)));
      (connection.isPresent() ? published : lost).increment();
    } catch (IllegalStateException e) {
      lost.increment(); // Away; nothing may wait for it, because an old price is no price of now.
    }
  }
}

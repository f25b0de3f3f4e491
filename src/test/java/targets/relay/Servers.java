package targets.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import stack.NatsServer;
import stack.TargetProcess;
import targets.relay.adapter.AdapterServer;
import targets.relay.bridge.BridgeServer;
import targets.relay.message.Guarantee;
import targets.shared.Backends;
import targets.shared.Counters;
import targets.shared.RunningTarget;
import targets.shared.TargetSpec;
import testing.Await;

/**
 * Redis and NATS for tests which start the bridges and adapters that they need: in this process, or
 * in one of their own where one is killed or its log read.
 */
public final class Servers extends Backends {
  private static final Pattern LISTENING = Pattern.compile("listening on (http://\\S+)");
  static final int CONVERSATIONS = 6;
  private static final int TOKENS = 20;
  private static final long INTERVAL_NS = 10_000_000;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final boolean hasLeaf;
  private NatsServer leaf;

  public Servers() {
    this(false);
  }

  /**
   * @param hasLeaf whether the adapters are at a leaf node of the bridges' NATS
   */
  Servers(boolean hasLeaf) {
    // Less heap than the largest conversation of a test takes.
    super("40m", hasLeaf ? NatsServer::hub : NatsServer::start);
    this.hasLeaf = hasLeaf;
  }

  @Override
  public void start() {
    super.start();
    leaf = hasLeaf ? started(NatsServer.leaf(folder(), nats())) : nats();
  }

  @Override
  public void close() {
    threads.shutdownNow();
    super.close();
  }

  NatsServer leaf() {
    return leaf;
  }

  public Producer producer(Guarantee delivery) {
    return new Producer(redis().url(), delivery);
  }

  RunningTarget bridge(Guarantee delivery, String... options) {
    return start(BridgeServer.SPEC, delivery, options);
  }

  RunningTarget adapter(Guarantee delivery, String... options) {
    return start(AdapterServer.SPEC, delivery, options);
  }

  /** Starts a bridge or adapter in this process, and waits until it is ready. */
  public RunningTarget start(TargetSpec spec, Guarantee delivery, String... options) {
    RunningTarget target = startUnready(spec, delivery, options);
    awaitReady(target.url());
    return target;
  }

  RunningTarget startUnready(TargetSpec spec, Guarantee delivery, String... options) {
    return inProcess(spec, settings(spec, delivery, options));
  }

  /** Starts a bridge in a process of its own; not awaited. */
  public TargetProcess bridgeProcess(Guarantee delivery, String... options) {
    return launch("relay-bridge", settings(BridgeServer.SPEC, delivery, options));
  }

  /** Starts an adapter in a process of its own; not awaited. */
  public TargetProcess adapterProcess(Guarantee delivery, String... options) {
    return launch("relay-adapter", settings(AdapterServer.SPEC, delivery, options));
  }

  /** Returns the address of the process that was started last, ready or not. */
  URI address() {
    return Await.until(() -> LISTENING.matcher(log()).results().findFirst(), Optional::isPresent)
        .map(line -> URI.create(line.group(1)))
        .orElseThrow();
  }

  /** Asserts that durable conversations lose and repeat nothing: before, during and after it. */
  void assertEveryTokenArrivesOnce(String name, Supplier<URI> adapter, Runnable event) {
    AtomicBoolean over = new AtomicBoolean();
    List<CompletableFuture<List<Sse.Event>>> readers = new ArrayList<>();
    List<CompletableFuture<Long>> producers = new ArrayList<>();
    for (int i = 0; i < CONVERSATIONS; i++) {
      String id = name + "-" + i;
      Producer producer = producer(Guarantee.DURABLE);
      readers.add(CompletableFuture.supplyAsync(() -> Sse.readToEnd(adapter, id), threads));
      producers.add(
          CompletableFuture.supplyAsync(
              () -> producer.publishUntil(over::get, id, INTERVAL_NS), threads));
    }
    try {
      awaitMore(adapter);
      event.run();
      awaitMore(adapter);
    } finally {
      over.set(true);
    }
    for (int i = 0; i < CONVERSATIONS; i++) {
      Await.until(readers.get(i)::isDone);
      List<Sse.Event> tokens = readers.get(i).join();
      assertThat(Sse.sequences(tokens)).isEqualTo(Sse.range(1, producers.get(i).join()));
      assertThat(tokens).extracting(Sse.Event::name).containsOnly("token");
    }
  }

  private static void awaitMore(Supplier<URI> adapter) {
    int before = count(adapter.get(), "messages_delivered");
    await(adapter.get(), "messages_delivered", now -> now - before > CONVERSATIONS * TOKENS);
  }

  private List<String> settings(TargetSpec spec, Guarantee delivery, String... more) {
    boolean isBridge = spec.name().equals("relay-bridge");
    List<String> all = new ArrayList<>();
    all.add("delivery=" + Counters.label(delivery));
    all.add("nats=" + (isBridge ? nats() : leaf).url());
    if (isBridge) {
      all.add("redis=" + redis().url());
    }
    all.addAll(List.of(more));
    return all;
  }
}

package bench.bids;

import bench.Meter;
import bench.Programs;
import bench.Stage;
import bench.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import kpi.Machine;
import redis.clients.jedis.Jedis;
import stack.NatsServer;
import stack.RedisServer;
import stack.StackFailure;
import stack.TargetProcess;

/** {@code bench bids}: decided and accepted bids a second, beside what Redis alone decides. */
public final class BidsBench {
  private static final String REDIS = "redis";
  private static final String NATS = "nats";
  private static final String BIDS = "bids";
  private static final String SEQUENCE = "item:" + WrkLoad.ITEM + ":sequence";
  private static final String PRICE = "item:" + WrkLoad.ITEM + ":current_bid";

  /** As many as the bid service has threads that ask Redis. */
  private static final int FLOOR_CONNECTIONS = 64;

  private final BidsSettings settings;
  private final Tool benchmark;
  private final Tool wrk;
  private final LongSupplier nanoClock;
  private final PrintWriter out;

  /**
   * @param programs where wrk and redis-benchmark are looked for
   * @param nanoClock monotonic nanoseconds
   * @param out takes a line after each step
   * @throws StackFailure if one of them is missing
   */
  public BidsBench(
      BidsSettings settings, Programs programs, LongSupplier nanoClock, PrintWriter out) {
    this.settings = settings;
    this.benchmark = Tool.find(programs, "redis-benchmark", "redis-tools");
    this.wrk = Tool.find(programs, "wrk", "wrk");
    this.nanoClock = nanoClock;
    this.out = out;
  }

  /**
   * Runs the floor, then all strategies, on one Redis.
   *
   * @param folder takes logs
   * @throws StackFailure if a process cannot be had
   */
  public BidsResult run(Path folder) {
    String loadBefore = Machine.load();
    try (Stage stage = new Stage(settings.readyWithin(), folder)) {
      RedisServer redis = RedisServer.start(stage.folder());
      stage.own(redis::discard);
      NatsServer nats = NatsServer.start(stage.folder());
      stage.own(nats::discard);
      try (Jedis jedis = new Jedis(redis.url())) {
        long seconds = settings.duration().toSeconds();
        Floor floor = Floor.of(benchmark, jedis, FLOOR_CONNECTIONS, seconds, stage.folder());
        say(
            "redis alone: %s/s if accepted, %s/s if rejected",
            Table.number(floor.acceptedPerS(), 0), Table.number(floor.rejectedPerS(), 0));
        List<Step> steps = new ArrayList<>();
        for (String strategy : settings.strategies()) {
          steps.addAll(strategy(strategy, stage, redis, nats, jedis));
        }
        return new BidsResult(settings, floor, steps, loadBefore, Machine.load());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackFailure("interrupted while bids were under way", e);
    }
  }

  private List<Step> strategy(
      String strategy, Stage stage, RedisServer redis, NatsServer nats, Jedis jedis)
      throws InterruptedException {
    List<String> options =
        List.of(
            "--redis", redis.url().toString(),
            "--nats", nats.url().toString(),
            "--strategy", strategy);
    TargetProcess bids = stage.target(BIDS, BIDS + "-" + strategy, settings.jvmOptions(), options);
    make(bids.url());
    WrkLoad load = new WrkLoad(wrk, bids.url(), stage.folder());
    List<Step> steps = new ArrayList<>();
    try {
      load.bid(settings.users().get(0), settings.warmup().toSeconds(), above(jedis));
      for (int users : settings.users()) {
        Map<String, Long> pids = new LinkedHashMap<>();
        pids.put(REDIS, redis.pid());
        pids.put(NATS, nats.pid());
        pids.put(BIDS, bids.pid());
        Meter meter = new Meter(() -> Meter.cpuS(pids), Map::of, nanoClock);
        long before = sequence(jedis);
        meter.begins();
        WrkLoad.Told told = load.bid(users, settings.duration().toSeconds(), above(jedis));
        meter.ends();
        Step step = new Step(strategy, users, told, sequence(jedis) - before, meter.cost());
        steps.add(step);
        say(step);
      }
    } finally {
      bids.close(); // Only one of them relays events, and asks Redis, at a time.
    }
    return steps;
  }

  private static void make(URI bids) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(bids.resolve("/api/v1/items/" + WrkLoad.ITEM))
            .PUT(HttpRequest.BodyPublishers.noBody())
            .build();
    try {
      int status =
          HttpClient.newHttpClient()
              .send(request, HttpResponse.BodyHandlers.discarding())
              .statusCode();
      if (status / 100 != 2) {
        throw new StackFailure("the bid service answers " + status + " to a new item");
      }
    } catch (IOException e) {
      throw new StackFailure("the bid service cannot be asked: " + e.getMessage(), e);
    }
  }

  private static long sequence(Jedis jedis) {
    return number(jedis.get(SEQUENCE));
  }

  private static long above(Jedis jedis) {
    return Math.max(100, number(jedis.get(PRICE)));
  }

  private static long number(String text) {
    return text == null ? 0 : Long.parseLong(text);
  }

  private void say(Step step) {
    say(
        "%s, %s users: %s decided/s, %s accepted/s, p50 %s p99 %s ms%s",
        step.strategy(),
        Table.count(step.users()),
        Table.number(step.told().decidedPerS(), 0),
        Table.number(step.acceptedPerS(), 0),
        Table.number(step.told().p50Ms(), 1),
        Table.number(step.told().p99Ms(), 1),
        step.isWhole() ? "" : "; not every bid was decided");
  }

  private void say(String format, Object... words) {
    out.println(String.format(Locale.ROOT, format, words));
    out.flush();
  }
}

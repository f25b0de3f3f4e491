package simulations.run;

import io.gatling.core.CoreComponents;
import io.gatling.core.actor.ActorRef;
import io.gatling.core.stats.StatsEngine;
import io.gatling.core.stats.writer.DataWriterMessage;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import scala.Product;
import scala.collection.immutable.Seq;
import scala.concurrent.Promise;
import scala.concurrent.Promise$;
import scala.concurrent.duration.FiniteDuration;

/**
 * What Gatling itself counts, users and requests, from the messages to its log: a witness that
 * shares nothing with the recorders. Thread-safe.
 */
final class GatlingCounts implements ActorRef<DataWriterMessage> {
  private final LongSupplier nanoClock;
  private final Map<String, LongAdder> begun = new ConcurrentHashMap<>();
  private int users;
  private long userNs;
  private long sinceNs;

  GatlingCounts(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** Adds this listener to those of Gatling's statistics; before the first user starts. */
  void listen(CoreComponents core) {
    StatsEngine engine = core.statsEngine();
    @SuppressWarnings("unchecked")
    var writers = (Seq<Object>) GatlingState.read(engine.getClass(), engine, "dataWriters");
    GatlingState.write(engine.getClass(), engine, "dataWriters", writers.appended(this));
  }

  /** Java cannot name the classes of these messages, which are tuples to Scala too. */
  @Override
  public void $bang(DataWriterMessage message) {
    if (message instanceof Product fields) {
      switch (fields.productPrefix()) {
        case "User" -> user((String) fields.productElement(0), (boolean) fields.productElement(2));
        case "Response" -> count((String) fields.productElement(2));
        default -> {} // Groups and errors.
      }
    }
  }

  private void user(String scenario, boolean starts) {
    if (!scenario.equals(LoadSimulation.VERDICT)) {
      users(starts ? 1 : -1);
      if (starts) {
        count(scenario);
      }
    }
  }

  /** Returns the users that started in scenarios, and the requests, of these names. */
  long begun(Set<String> names) {
    return names.stream().mapToLong(name -> begun.getOrDefault(name, new LongAdder()).sum()).sum();
  }

  /** Returns the users that have started and not ended. */
  synchronized int active() {
    return users;
  }

  /** Returns the sum over time of active users, in user-seconds. */
  double userSeconds() {
    return users(0) / 1e9;
  }

  private void count(String name) {
    begun.computeIfAbsent(name, unused -> new LongAdder()).increment();
  }

  private synchronized long users(int change) {
    long nowNs = nanoClock.getAsLong();
    userNs += users * (nowNs - sinceNs);
    sinceNs = nowNs;
    users += change;
    return userNs;
  }

  @Override
  public String name() {
    return "gauntlet";
  }

  /** Returns a promise that is kept: nothing is to be written at the end. */
  @Override
  public <R> Promise<R> replyPromise(FiniteDuration bound) {
    return Promise$.MODULE$.successful(null);
  }
}

package simulations.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import kpi.MetricsSource;
import kpi.SharedCounters;
import simulations.run.Checks.Finding;

/**
 * The counters of one target, read before the load and after it. Counters are addressed by JSON
 * pointer, such as {@code /events_completed}. Used by one thread at a time.
 */
public final class TargetCounters {
  /** Tries of the first reading: a target that has just started may answer late. */
  private static final int FIRST_TRIES = 5;

  private static final String UPTIME = "/process/uptime_s";
  private static final double UPTIME_SLACK_S = 2;

  private final MetricsSource source;
  private final LongSupplier nanoClock;
  private final boolean expected;
  private final boolean shared;
  private final JsonNode before;
  private final long beforeNs;
  private JsonNode after = MissingNode.getInstance();
  private long afterNs;

  /**
   * Reads the counters before the load.
   *
   * @param expected whether the target is known to have counters, so that they must be readable
   * @param shared whether other generators load it too, so that they count what none of them knows
   */
  TargetCounters(MetricsSource source, boolean expected, boolean shared, LongSupplier nanoClock) {
    this.source = source;
    this.nanoClock = nanoClock;
    this.expected = expected;
    this.shared = shared;
    JsonNode first = MissingNode.getInstance();
    for (int attempt = 0; attempt < FIRST_TRIES && !isBlock(first); attempt++) {
      first = source.read().join();
    }
    this.before = isBlock(first) ? first : MissingNode.getInstance();
    this.beforeNs = nanoClock.getAsLong();
  }

  String process() {
    return source.process();
  }

  /** Returns true if checks can be expected of these counters, even if they are unreadable now. */
  public boolean isAnnounced() {
    return expected || isBlock(before);
  }

  /** Returns why no counter can be held against this load alone; empty if they can. */
  Optional<String> whyShared() {
    String why = "The counters of " + source.process() + " count the load of all generators.";
    return shared ? Optional.of(why) : Optional.empty();
  }

  /** Returns a counter after the load; 0 if it is unreadable. */
  public long value(String pointer) {
    return after.at(pointer).asLong();
  }

  /** Returns the increase of a counter during the load; 0 if it is unreadable. */
  public long delta(String pointer) {
    return after.at(pointer).asLong() - before.at(pointer).asLong();
  }

  /** Returns a counter before the load and after it; 0 where it is unreadable. */
  public SharedCounters.Reading reading(String pointer) {
    return new SharedCounters.Reading(before.at(pointer).asLong(), value(pointer));
  }

  /** Returns the target's figures after the load; missing if they are unreadable. */
  public JsonNode after() {
    return after;
  }

  /** Returns the target's figures before the load; missing if they were unreadable. */
  public JsonNode before() {
    return before;
  }

  /** Returns why a counter could not be read before or after the load; empty if all could. */
  Optional<String> unreadable(String... pointers) {
    for (String pointer : pointers) {
      boolean missing = before.at(pointer).isMissingNode();
      if (missing || after.at(pointer).isMissingNode()) {
        String when = missing ? "before" : "after";
        return Optional.of(
            "The counters of " + source.process() + " could not be read " + when + " the load.");
      }
    }
    return Optional.empty();
  }

  /** Returns why a count lacks what came before a restart of the target; empty if it does not. */
  Optional<String> restarted() {
    double aliveS = before.at(UPTIME).asDouble() + (afterNs - beforeNs) / 1e9;
    double upS = after.at(UPTIME).asDouble(aliveS);
    return Optional.of(source.process())
        .filter(any -> before.at(UPTIME).isNumber() && upS < aliveS - UPTIME_SLACK_S)
        .map(name -> name + " was started anew during the load; what it had counted is lost.");
  }

  private void take(JsonNode read) {
    after = read;
    afterNs = nanoClock.getAsLong();
  }

  /**
   * Reads the counters after the load until all of them are readable and nothing is under way.
   *
   * @param bound of the time that this takes
   * @param idle whether nothing is under way, by the counters just read
   */
  public static void settle(Duration bound, List<TargetCounters> targets, BooleanSupplier idle) {
    List<TargetCounters> announced = targets.stream().filter(TargetCounters::isAnnounced).toList();
    Audit.until(
        bound,
        () -> {
          announced.stream()
              .map(target -> target.source.read().thenAccept(target::take))
              .toList() // All are asked before the first one is awaited.
              .forEach(CompletableFuture::join);
          return announced.stream().allMatch(target -> isBlock(target.after))
              && idle.getAsBoolean();
        });
  }

  /** Judges the target's time of day, which on one host is that of this process. */
  public Finding clock(Clock here) throws IOException {
    return offset(here)
        .orElseThrow(() -> new IOException("the time of day of " + source.process()))
        .same(source.process());
  }

  /** Returns the offset of a clock from the target's time of day; empty if it reports none. */
  Optional<Clock.Offset> offset(Clock here) {
    try {
      return Optional.of(
          Clock.Offset.best(
              () -> {
                long requestNs = here.unixNs();
                Instant there = Instant.parse(source.read().join().path("timestamp").asText());
                return Clock.Offset.of(requestNs, Clock.unixNs(there), here.unixNs());
              }));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** Every target of ours has this block; the answer of a foreign service may be anything. */
  private static boolean isBlock(JsonNode metrics) {
    return metrics.path("process").isObject();
  }
}

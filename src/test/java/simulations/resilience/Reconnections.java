package simulations.resilience;

import faults.FaultPlan.Strike;
import faults.FaultRun;
import faults.LinkFault;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * How often targets connect to their servers again while the link between them is struck. A link
 * that does not listen sees no attempt. Thread-safe.
 */
final class Reconnections implements Consumer<FaultRun.Event> {
  private static final String TO_SERVER = ".*-(redis|nats|postgres)";

  private final Supplier<Map<String, Long>> made;
  private final Map<Strike, Begin> begins = new ConcurrentHashMap<>();
  private final Map<Strike, Double> perS = new ConcurrentHashMap<>();

  private record Begin(long atNs, long made) {}

  /**
   * @param made returns the connections of each link of the run so far
   */
  Reconnections(Supplier<Map<String, Long>> made) {
    this.made = made;
  }

  @Override
  public void accept(FaultRun.Event event) {
    Strike strike = event.strike();
    Long connections = made.get().get(strike.whom());
    if (!isSeen(strike) || connections == null) { // The proxy of a Toxiproxy shows none.
      return;
    }
    Begin now = new Begin(event.atNs(), connections);
    switch (event.moment()) {
      case STRUCK -> begins.put(strike, now);
      case HEALING -> {
        Begin begin = begins.get(strike);
        perS.put(strike, 1e9 * (now.made - begin.made) / Math.max(1, now.atNs - begin.atNs));
      }
      default -> {}
    }
  }

  /** Returns whether connections to a server are seen during a fault. */
  static boolean isSeen(Strike strike) {
    return strike.whom().matches(TO_SERVER)
        && strike.what() instanceof LinkFault fault
        && !fault.refuses();
  }

  /** Returns the highest rate of a fault; empty without any. */
  OptionalDouble mostPerS() {
    return perS.values().stream().mapToDouble(Double::doubleValue).max();
  }
}

package simulations.resilience;

import faults.FaultRun;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kpi.Kpi;
import simulations.run.Audit;
import simulations.run.Load;
import simulations.run.Seat.Connection;

/**
 * A system whose parts a plan strikes: the load, the journeys and the recorders of its own
 * simulation, what of them stands for its service, and the account of what may be lost and what may
 * not.
 */
public interface FaultedSystem extends Audit {
  Load load();

  /** Returns what is played; called once. */
  Played play();

  Service service();

  /** Returns the requests that failed, in no order; by default the connections that were lost. */
  default List<Failure> failures(List<List<Connection>> users) {
    return users.stream()
        .flatMap(List::stream)
        .filter(Connection::lost)
        .map(each -> new Failure(each.requestedNs(), each.endedNs(), !each.isConnected()))
        .toList();
  }

  /** Takes each moment of a fault. */
  default void observe(FaultRun.Event event) {}

  /** Returns what is behind the service and catches up after a fault, if anything. */
  default Optional<Backlog> backlog() {
    return Optional.empty();
  }

  /**
   * The users.
   *
   * @param users of the measured phase, each of whom has a seat
   */
  record Played(
      HttpProtocolBuilder protocol,
      PopulationBuilder users,
      ChainBuilder warmUp,
      int warmUpUsers) {}

  /**
   * A request without the answer that was due, in monotonic nanoseconds.
   *
   * @param unanswered whether nothing of an answer came, so that its whole length was a wait
   */
  record Failure(long callNs, long returnNs, boolean unanswered) {}

  /**
   * What stands for the service.
   *
   * @param noun of its requests, in names of checks
   * @param answers of which each value is an answered request
   * @param compared of the answers, those that may not be slower while a part is away that they do
   *     not need
   * @param pulse of which a value that began after a repair shows that all parts work together
   * @param also further latencies that are shown by phase
   * @param needed parts without which no request is answered
   * @param door parts that answer or refuse every request; empty if a refusal has no bound
   */
  record Service(
      String noun,
      Set<Kpi> answers,
      Set<Kpi> compared,
      Set<Kpi> pulse,
      Set<Kpi> also,
      Set<String> needed,
      Set<String> door) {
    /** Returns every latency that is shown by phase. */
    Set<Kpi> shown() {
      Set<Kpi> all = EnumSet.of(Kpi.CONNECT);
      List.of(answers, pulse, also).forEach(all::addAll);
      return all;
    }
  }
}

package simulations.run;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import kpi.KpiReport;
import kpi.MetricsSource;
import stack.Server;
import stack.TargetProcess;

/** The processes of one run: those that it started, and those whose figures are sampled. */
public final class RunProcesses {
  private final List<Owned> owned = new ArrayList<>();
  private final List<MetricsSource> sources = new ArrayList<>();
  private boolean reachesOut;

  /**
   * A process that the run started.
   *
   * @param name in the run
   * @param died completes with the exit code if it ends without a request
   * @param stop ends it
   */
  private record Owned(String name, CompletableFuture<Integer> died, Runnable stop) {}

  /** Only this JVM so far. */
  RunProcesses() {
    sources.add(MetricsSource.own(KpiReport.INJECTOR));
  }

  /** Adds a target, which is stopped with the run. */
  public void own(TargetProcess target) {
    owned.add(new Owned(target.name(), target.diedByItself(), target::close));
  }

  /**
   * Adds a server, which is sampled, and stopped after the targets that need it; its data goes with
   * it.
   *
   * @return the server
   */
  public <S extends Server> S own(S server) {
    return own(server.name(), server);
  }

  /** Like {@link #own(Server)}, for a server with another name in the run. */
  public <S extends Server> S own(String process, S server) {
    owned.add(new Owned(process, server.diedByItself(), server::discard));
    sources.add(MetricsSource.ofTree(process, server::pid));
    return server;
  }

  /** Notes that a part of what is under load was not started by the run. */
  public void reachesOut() {
    reachesOut = true;
  }

  /**
   * Samples a target that has counters, and reads them before the load: a bundled one, or one whose
   * metrics the user named.
   */
  public TargetCounters counters(String process, URI url) {
    return watched(source(process, url), true);
  }

  /** Samples a foreign service, and reads its counters, if it turns out to have them. */
  public TargetCounters probe(String process, URI url) {
    return watched(source(process, url), false);
  }

  /** Returns true if the run started everything that is under load. */
  boolean isManaged() {
    return !owned.isEmpty() && !reachesOut;
  }

  /** Returns the processes sampled. */
  public List<MetricsSource> sources() {
    return List.copyOf(sources);
  }

  /** Registers an observer of processes that end by themselves: their names and exit codes. */
  void onDeath(BiConsumer<String, Integer> died) {
    for (Owned process : owned) {
      var unused = process.died.thenAccept(code -> died.accept(process.name, code));
    }
  }

  /** Stops everything that the run started. */
  void stop() {
    for (int last = owned.size() - 1; last >= 0; last--) {
      owned.get(last).stop.run();
    }
  }

  private TargetCounters watched(MetricsSource source, boolean expected) {
    TargetCounters counters = new TargetCounters(source, expected);
    if (counters.isAnnounced()) {
      sources.add(source);
    }
    return counters;
  }

  private static MetricsSource source(String process, URI url) {
    return MetricsSource.at(process, url.resolve("/metrics"));
  }
}

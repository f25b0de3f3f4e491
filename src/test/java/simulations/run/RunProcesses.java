package simulations.run;

import faults.Part;
import faults.TcpLink;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import kpi.KpiReport;
import kpi.MetricsSource;
import settings.Option;
import stack.Server;
import stack.SmallDisk;
import stack.TargetProcess;

/** The processes of one run: those that it started, and those whose figures are sampled. */
public final class RunProcesses {

  private final Function<String, Path> logs;
  private final Bundled bundled;
  private final Set<String> linked;
  private final long seed;
  private final LongSupplier nanoClock;
  private final Map<String, TcpLink> links = new LinkedHashMap<>();
  private final Map<String, SmallDisk> disks = new HashMap<>();
  private final List<ProcessPart> owned = new ArrayList<>();
  private final List<TargetProcess> targets = new ArrayList<>();
  private final List<Runnable> ends = new ArrayList<>();
  private final List<MetricsSource> sources = new ArrayList<>();
  private final Set<String> unsampled = new LinkedHashSet<>();
  private final Map<Long, Long> heapsBefore = new ConcurrentHashMap<>();
  private volatile Map<Long, Long> heapsAfter = Map.of();
  private final List<TargetCounters> counted = new ArrayList<>();
  private boolean reachesOut;
  private boolean sharesTargets;
  private Optional<Clock.Offset> offset = Optional.empty();

  /**
   * The settings of bundled targets.
   *
   * @param heap Java heap of each, such as 128m
   * @param readyWithin bound of the start of each
   */
  public record Bundled(
      @Option(
              name = "target-heap",
              matches = "[0-9]+[kmgKMG]",
              otherwise = "is not a size such as 128m or 1g")
          String heap,
      @Option(in = "1s..1h") Duration readyWithin) {}

  /**
   * Only this JVM so far.
   *
   * @param logs returns the log file of a process
   * @param linked names of the connections that go through a link
   */
  RunProcesses(
      Function<String, Path> logs,
      Bundled bundled,
      Set<String> linked,
      long seed,
      LongSupplier nanoClock) {
    this.logs = logs;
    this.bundled = bundled;
    this.linked = linked;
    this.seed = seed;
    this.nanoClock = nanoClock;
    sources.add(MetricsSource.own(KpiReport.INJECTOR));
  }

  /**
   * Starts a bundled target, which is stopped with the run; the caller waits for it.
   *
   * @param name the word after {@code serve}
   * @param options of the target, such as {@code --upstream} and its value
   */
  public TargetProcess launch(
      String name, String process, Optional<String> defect, String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    defect.ifPresent(planted -> all.addAll(List.of("--defect", planted)));
    List<String> jvm = TargetProcess.jvmOptions(bundled.heap);
    TargetProcess target =
        TargetProcess.launch(
            new TargetProcess.Spec(
                name, process, jvm, all, logs.apply(process), bundled.readyWithin));
    owned.add(new ProcessPart(process, target, Optional.empty()));
    targets.add(target);
    return target;
  }

  /** Adds a server, which is sampled, and stopped after its targets; its data goes with it. */
  public <S extends Server> S own(S server) {
    return own(server.name(), server);
  }

  /** Like {@link #own(Server)}, for a server with another name in the run. */
  public <S extends Server> S own(String process, S server) {
    owned.add(new ProcessPart(process, server, Optional.ofNullable(disks.get(process))));
    sources.add(MetricsSource.ofTree(process, server::pid));
    return server;
  }

  /**
   * Gives servers a disk of their own that can be full; before they are started.
   *
   * @param logs the folder that they will be started in
   */
  public void giveDisks(Set<String> servers, Path logs) {
    servers.forEach(name -> disks.put(name, SmallDisk.at(logs.resolve(name))));
  }

  /** Ends something else with the run, before its processes. */
  public void endWith(Runnable end) {
    ends.add(end);
  }

  /** Notes that a part of what is under load was not started by the run. */
  public void reachesOut() {
    reachesOut = true;
  }

  /** Notes that other generators load the same targets. */
  void sharesTargets() {
    sharesTargets = true;
  }

  /** Returns the offset of a clock from that of the first target with one, as first measured. */
  synchronized Clock.Offset offset(Clock here) {
    offset =
        offset.or(
            () -> counted.stream().flatMap(target -> target.offset(here).stream()).findFirst());
    return offset.orElse(Clock.Offset.NOT_MEASURED);
  }

  /** Returns the offset of a clock from that of a target now; empty if it cannot be read. */
  public Optional<Clock.Offset> offset(String process, Clock here) {
    return counted.stream()
        .filter(target -> target.process().equals(process))
        .findFirst()
        .flatMap(target -> target.offset(here));
  }

  /**
   * Samples a target that has counters, and reads them before the load: a bundled one, or one whose
   * metrics the user named.
   */
  public TargetCounters counters(String process, URI url) {
    return counters(MetricsSource.at(process, url.resolve("/metrics")));
  }

  /** Samples a bundled target by a source of its figures, and reads them before the load. */
  public TargetCounters counters(MetricsSource source) {
    return watched(source, true);
  }

  /** Samples a foreign service, and reads its counters, if it turns out to have them. */
  public TargetCounters probe(String process, URI url) {
    return watched(MetricsSource.at(process, url.resolve("/metrics")), false);
  }

  private TargetCounters watched(MetricsSource source, boolean expected) {
    TargetCounters counters = new TargetCounters(source, expected, sharesTargets, nanoClock);
    if (counters.isAnnounced()) {
      sources.add(source);
      counted.add(counters);
    } else {
      unsampled.add(source.process());
    }
    return counters;
  }

  /** Returns true if the run started everything that is under load. */
  boolean isManaged() {
    return !owned.isEmpty() && !reachesOut;
  }

  public List<MetricsSource> sources() {
    return List.copyOf(sources);
  }

  /** Returns the names of all targets and servers, also of services without figures. */
  Set<String> underLoad() {
    Set<String> all = new LinkedHashSet<>(unsampled);
    sources.forEach(source -> all.add(source.process()));
    all.remove(KpiReport.INJECTOR);
    return all;
  }

  /**
   * Begins to read the live heap of each target that the run started, before the first measured
   * user arrives, so that the pause of a full collection enters no figure; completes when that is
   * done.
   */
  CompletableFuture<Void> readHeapsBefore() {
    return read(heapsBefore);
  }

  /**
   * Begins to read the live heaps again: after the last user has left, no user's state is in the
   * difference. One that is not read yet is unknown.
   */
  CompletableFuture<Void> readHeapsAfter() {
    heapsAfter = new ConcurrentHashMap<>();
    return read(heapsAfter);
  }

  private CompletableFuture<Void> read(Map<Long, Long> heaps) {
    Consumer<TargetProcess> read =
        target -> target.liveHeapBytes().ifPresent(bytes -> heaps.put(target.pid(), bytes));
    return CompletableFuture.runAsync(() -> targets.parallelStream().forEach(read));
  }

  /**
   * Returns the growth of a live heap in bytes; empty if one of the two could not be read, or if
   * the target was restarted in between.
   */
  public OptionalLong heapGrowth(String process) {
    return targets.stream()
        .filter(target -> target.name().equals(process))
        .map(TargetProcess::pid)
        .filter(pid -> heapsBefore.containsKey(pid) && heapsAfter.containsKey(pid))
        .mapToLong(pid -> heapsAfter.get(pid) - heapsBefore.get(pid))
        .findFirst();
  }

  /** Returns true for Redis, NATS and other programs that the run started, which are no JVMs. */
  boolean isServer(String process) {
    return owned.stream().anyMatch(each -> each.name().equals(process))
        && targets.stream().noneMatch(target -> target.name().equals(process));
  }

  /** Returns the processes that the run started, by their names, for faults to strike. */
  public Map<String, Part> parts() {
    Map<String, Part> parts = new HashMap<>(links);
    owned.forEach(each -> parts.put(each.name(), each));
    return parts;
  }

  /** Returns a figure of each link, such as how often it made a sender wait. */
  public Map<String, Long> links(ToLongFunction<TcpLink> figure) {
    Map<String, Long> figures = new LinkedHashMap<>();
    links.forEach((name, link) -> figures.put(name, figure.applyAsLong(link)));
    return figures;
  }

  /**
   * Returns the address at which one part of the run connects to another: that of a link, if the
   * settings name it, else the address itself.
   *
   * @param link such as bids-redis
   * @param url with a port
   */
  public String via(String link, String url) {
    if (!linked.contains(link)) {
      return url;
    }
    URI to = URI.create(url.replaceFirst("^jdbc:", ""));
    TcpLink made =
        new TcpLink(link, new InetSocketAddress(to.getHost(), to.getPort()), seed, nanoClock);
    links.put(link, made);
    return url.replaceFirst(":" + to.getPort(), ":" + made.address().getPort());
  }

  /** Registers an observer of processes that end by themselves: their names and exit codes. */
  void onDeath(BiConsumer<String, Integer> died) {
    for (ProcessPart each : owned) {
      var unused = each.process().diedByItself().thenAccept(code -> died.accept(each.name(), code));
    }
  }

  void stop() {
    ends.forEach(Runnable::run);
    targets.forEach(TargetProcess::terminate); // A JVM takes up to 0.3 s to exit.
    for (int last = owned.size() - 1; last >= 0; last--) {
      owned.get(last).end();
    }
    links.values().forEach(TcpLink::close);
  }
}

package stack;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One bundled target in a JVM of its own: {@code serve <name> --port 0}. Ready when its {@code
 * /health} answers 200. It ends itself when the process that started it is gone.
 */
public final class TargetProcess extends ManagedProcess {
  /** Of the command line, on this JVM's own class path. */
  private static final String MAIN = "gauntlet.Main";

  private static final Duration PROBE_BOUND = Duration.ofSeconds(2);
  private static final Duration COLLECT_BOUND = Duration.ofSeconds(20);

  /** The last line of a histogram of live objects: their number and bytes. */
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

  private static final Pattern LISTENING = Pattern.compile("listening on (http://\\S+)");

  /**
   * The start of a target.
   *
   * @param name the word after {@code serve}
   * @param process its name in the run
   * @param jvmOptions such as {@code -Xmx128m}
   * @param options such as {@code --tokens 163}
   * @param log takes the output of the process
   * @param readyWithin the limit of {@link #awaitReady}
   */
  public record Spec(
      String name,
      String process,
      List<String> jvmOptions,
      List<String> options,
      Path log,
      Duration readyWithin) {
    /** A process with the name of its target, ready within a minute. */
    public Spec(String name, List<String> jvmOptions, List<String> options, Path log) {
      this(name, name, jvmOptions, options, log, Duration.ofMinutes(1));
    }
  }

  private final Spec spec;
  private volatile URI url;

  private TargetProcess(Spec spec) {
    super(spec.process(), spec.log());
    this.spec = spec;
  }

  /** Starts a process, or throws, and returns at once; {@link #awaitReady} waits for it. */
  public static TargetProcess launch(Spec spec) {
    TargetProcess target = new TargetProcess(spec);
    target.begin(0);
    return target;
  }

  private void begin(int port) {
    List<String> command = new ArrayList<>();
    command.add(Host.java().toString());
    command.addAll(spec.jvmOptions());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    command.addAll(List.of("serve", spec.name(), "--port", Integer.toString(port)));
    command.addAll(List.of("--parent", Long.toString(ProcessHandle.current().pid())));
    command.addAll(spec.options());
    start(command);
    watch();
  }

  @Override
  public synchronized void restart() {
    close();
    begin(url.getPort());
    awaitReady();
  }

  /**
   * Returns the JVM options for a heap of fixed size. The young generation has a seventh, a third
   * of that for new objects, so that it is collected every few seconds and the state of a stream is
   * gone before it would be promoted. See docs/decisions/0009-live-heap.md.
   *
   * @param heap the size, such as 128m
   */
  public static List<String> jvmOptions(String heap) {
    return List.of(
        "-Xms" + heap,
        "-Xmx" + heap,
        "-XX:+UseSerialGC",
        "-XX:NewRatio=6",
        "-XX:SurvivorRatio=1",
        "-XX:TargetSurvivorRatio=90",
        // Else a full collection may leave a twentieth of the old objects as they are.
        "-XX:MarkSweepAlwaysCompactCount=1",
        "-XX:+ExitOnOutOfMemoryError");
  }

  /** Waits for its health probe; throws, and kills it, if it ends first or exceeds its limit. */
  public TargetProcess awaitReady() {
    await(this::isReady, spec.readyWithin());
    return this;
  }

  /**
   * Steps its time of day, by its standard input; returns once that is done.
   *
   * @param ahead of the machine's from now on; negative if behind
   * @throws StackFailure if it does not answer; it is killed then
   */
  public synchronized void shiftClock(Duration ahead) throws IOException {
    int answered = output().length();
    write(ahead + "\n");
    await(() -> output().indexOf(" clock " + ahead, answered) >= 0, spec.readyWithin());
  }

  /** Returns the address that it listens on; known once it is ready. */
  public URI url() {
    return url;
  }

  /**
   * Runs a full collection by the JDK's {@code jcmd}, and returns the bytes of heap that were in
   * use after it; empty if the process is gone, or this Java has no {@code jcmd}. All threads of
   * the target stand still meanwhile, some tens of milliseconds.
   */
  public OptionalLong liveHeapBytes() {
    String jcmd = Host.java().resolveSibling("jcmd").toString();
    List<String> words = new ArrayList<>(List.of(jcmd));
    words.addAll(List.of("-J-XX:+UseSerialGC", "-J-XX:TieredStopAtLevel=1")); // Half its CPU time.
    words.addAll(List.of(Long.toString(pid()), "GC.class_histogram"));
    try {
      Matcher total = TOTAL.matcher(Command.run(Path.of(""), COLLECT_BOUND, words).output());
      return total.find() ? OptionalLong.of(Long.parseLong(total.group(1))) : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty(); // A runtime without tools: optional by contract.
    }
  }

  /** Returns whether it answers its health probe now, and that it is ready. */
  public boolean isReady() {
    if (url == null) {
      Matcher matcher = LISTENING.matcher(output());
      url = matcher.find() ? URI.create(matcher.group(1)) : null;
    }
    return url != null && Probe.health(url, status -> status == 200).run(PROBE_BOUND).isReady();
  }
}

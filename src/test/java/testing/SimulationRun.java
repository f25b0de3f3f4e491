package testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A simulation in a JVM of its own, exactly as the Gatling plugin starts it, so that a test sees
 * what a user sees: the output, the exit code, the run folder.
 */
public final class SimulationRun {
  private static final Duration BOUND = Duration.ofMinutes(5);
  private static final Pattern FOLDER = Pattern.compile("run folder (.+)");
  private static final Duration DRAIN = Duration.ofSeconds(20);
  private static final int TRIES = 3;
  private static final String MARK = "SIMULATION_RUN";
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  /** The character that Ctrl-C makes. */
  private static final int END_OF_TEXT = 3;

  private final String simulation;
  private final List<String> wrapper = new ArrayList<>();
  private String classPath = System.getProperty("java.class.path");
  private Path home = Path.of("").toAbsolutePath();
  private boolean terminal;
  private final List<String> jvmOptions =
      new ArrayList<>(
          List.of(
              "-Xmx1g",
              "-XX:+ExitOnOutOfMemoryError",
              "--add-opens=java.base/java.lang=ALL-UNNAMED",
              "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
              // A test compares with a baseline only if it says so.
              "-Dbaselines-dir=target/no-baselines",
              "-Dhttps.proxyHost=127.0.0.1",
              "-Dhttps.proxyPort=1",
              "-Djava.util.prefs.userRoot=target/prefs"));

  private SimulationRun(String simulation) {
    this.simulation = simulation;
  }

  /**
   * The smoke profile of a simulation.
   *
   * @param simulation its name without the word Simulation
   */
  public static SimulationRun smoke(String simulation) {
    return new SimulationRun("simulations." + simulation + "Simulation").with("profile", "smoke");
  }

  public SimulationRun with(String name, String value) {
    jvmOptions.add("-D" + name + "=" + value);
    return this;
  }

  /**
   * Sets several options.
   *
   * @param options such as {@code warmup=0s;broadcast.defect=lost-event+duplicate-event}: separated
   *     by semicolons, several values of one by plus signs
   */
  public SimulationRun with(String options) {
    for (String option : options.split(";", -1)) {
      String[] words = option.split("=", 2);
      with(words[0], words[1].replace('+', ','));
    }
    return this;
  }

  /** Adds an option of the JVM itself; the last of two contradicting ones wins. */
  public SimulationRun withJvm(String option) {
    jvmOptions.add(option);
    return this;
  }

  /** Starts the run through another command, which gets the JVM's command line as arguments. */
  public SimulationRun wrappedBy(String... command) {
    wrapper.addAll(List.of(command));
    return this;
  }

  /** Runs in another folder, with a copy of all classes on a class path as the plugin makes it. */
  public SimulationRun copiedTo(Path folder) throws IOException {
    List<String> copies = new ArrayList<>();
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      Path from = Path.of(entry).toAbsolutePath();
      Path to = folder.resolve("lib" + copies.size()).resolve(from.getFileName());
      try (Stream<Path> files = Files.walk(from)) {
        for (Path file : files.toList()) {
          Path copy = to.resolve(from.relativize(file).toString());
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        }
      }
      copies.add(to.toUri().getRawPath());
    }
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, String.join(" ", copies));
    Path jar = folder.resolve("gatling booter.jar");
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    home = folder;
    classPath = jar.toString();
    return with("output-dir", folder.resolve("target/runs").toString());
  }

  /** In a terminal of its own, that of script(1). */
  public SimulationRun inTerminal() {
    terminal = true;
    return this;
  }

  public Ended run() throws IOException, InterruptedException {
    return start().await();
  }

  /**
   * Runs it until a run is valid: a machine that is busy with something else makes a run invalid,
   * which says nothing about what is tested. After {@value #TRIES} tries the last run is returned.
   */
  public Ended runUntilValid() throws IOException, InterruptedException {
    Ended ended = run();
    for (int attempt = 1; attempt < TRIES && ended.verdict().equals("INVALID"); attempt++) {
      ended = run();
    }
    return ended;
  }

  public Started start() throws IOException {
    Path output = Files.createTempFile(Files.createDirectories(Path.of("target")), "run", ".log");
    List<String> command = new ArrayList<>(wrapper);
    command.add(JAVA);
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", classPath, "io.gatling.app.Gatling"));
    command.addAll(List.of("-s", simulation, "-rf", "target/gatling"));
    if (terminal) {
      String line = "exec '" + String.join("' '", command) + "'";
      // A build in the background of a script has SIGINT ignored, which would be inherited.
      String env = "/usr/bin/env";
      String reset = "--default-signal=INT";
      command = List.of(env, reset, "/usr/bin/script", "-qec", line, "/dev/null");
    }
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true);
    String mark = UUID.randomUUID().toString();
    builder.environment().put(MARK, mark);
    // Half the start-up cost of a run is compilation that a short run never earns back.
    builder.environment().put("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
    return new Started(builder.redirectOutput(output.toFile()).start(), output, mark);
  }

  private static Map<ProcessHandle, String> processes(String mark, String output) {
    Matcher folder = FOLDER.matcher(output);
    Path own = Path.of(folder.find() ? folder.group(1) : mark).toAbsolutePath();
    return Processes.of(MARK + "=" + mark, own);
  }

  /**
   * A run under way.
   *
   * @param process of the injector, or of its terminal
   * @param output takes what it prints
   * @param mark in the environment of all its processes
   */
  public record Started(Process process, Path output, String mark) {
    /** Waits, within a bound, until the output has a line that contains the text. */
    public String awaitLine(String text) throws IOException, InterruptedException {
      long deadlineNs = System.nanoTime() + BOUND.toNanos();
      while (System.nanoTime() < deadlineNs && process.isAlive()) {
        Optional<String> found =
            Files.readAllLines(output).stream().filter(line -> line.contains(text)).findFirst();
        if (found.isPresent()) {
          return found.get();
        }
        Thread.sleep(50);
      }
      throw new AssertionError("no line with '" + text + "' in:\n" + Files.readString(output));
    }

    /** Returns the command lines of all processes of the run. */
    public Collection<String> processes() throws IOException {
      return SimulationRun.processes(mark, Files.readString(output)).values();
    }

    /** Returns the process of a target, which has been started, or the injector. */
    public ProcessHandle process(String name) {
      Map<ProcessHandle, String> found = SimulationRun.processes(mark, "");
      String part = name.equals("injector") ? " io.gatling.app.Gatling " : " serve " + name + " ";
      found.values().removeIf(line -> !line.startsWith(JAVA) || !line.contains(part));
      assertThat(found).as(name).hasSize(1);
      return found.keySet().iterator().next();
    }

    /** Suspends a target or the injector, which keep their connections, and continues it. */
    public void freeze(String name, Duration length) throws IOException, InterruptedException {
      String pid = String.valueOf(process(name).pid());
      // A terminal suspends itself with what runs in it.
      String terminal = String.valueOf(process.pid());
      assertThat(new ProcessBuilder("kill", "-STOP", pid).start().waitFor()).isZero();
      LockSupport.parkNanos(length.toNanos());
      assertThat(new ProcessBuilder("kill", "-CONT", pid, terminal).start().waitFor()).isZero();
    }

    /** Presses Ctrl-C in the run's terminal, which sends SIGINT to its whole process group. */
    public void interrupt() throws IOException {
      process.getOutputStream().write(END_OF_TEXT);
      process.getOutputStream().flush();
    }

    /** Waits for the end; a run that takes too long is killed and fails the test. */
    public Ended await() throws IOException, InterruptedException {
      if (!process.waitFor(BOUND.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError("the run did not end:\n" + Files.readString(output));
      }
      String text = Files.readString(output);
      Files.delete(output);
      return new Ended(mark, process.exitValue(), text);
    }
  }

  /**
   * A run that has ended.
   *
   * @param mark in the environment of all its processes
   * @param exitCode of the injector
   * @param output everything that it printed
   */
  public record Ended(String mark, int exitCode, String output) {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int ASSERTIONS_FAILED = 2;

    public Path folder() {
      Matcher matcher = FOLDER.matcher(output);
      assertThat(matcher.find()).as("run folder in " + output).isTrue();
      return Path.of(matcher.group(1));
    }

    /** The command lines of processes of this run that outlive it by more than a drain. */
    public Collection<String> leftBehind() throws InterruptedException {
      long deadlineNs = System.nanoTime() + DRAIN.toNanos();
      while (!processes(mark, output).isEmpty() && System.nanoTime() < deadlineNs) {
        Thread.sleep(100);
      }
      return processes(mark, output).values();
    }

    /**
     * Asserts that the run passed, left no process behind and printed no exception.
     *
     * @param checks names of those that must have passed
     */
    public Ended assertGreen(String... checks) throws IOException, InterruptedException {
      assertKept(checks);
      // Other programs beside the build, for which the run did not wait, are only noted.
      boolean noted = checks("WARN").equals(List.of("machine_quiet"));
      return assertJudged(noted ? "WARN" : "PASS", 0);
    }

    /** Asserts that invariants held, on a machine that may be busy, and no process is left. */
    public Ended assertKept(String... invariants) throws IOException, InterruptedException {
      assertThat(checks("PASS")).as(output).containsAll(List.of(invariants));
      assertThat(output).doesNotContain("Exception");
      assertThat(leftBehind()).isEmpty();
      return this;
    }

    /**
     * Asserts that checks fail, or make the run invalid.
     *
     * @param checks names separated by commas
     */
    public Ended assertCaught(String checks) throws IOException {
      assertThat(checks("FAIL", "INVALID")).as(output).contains(checks.split(",", -1));
      assertThat(exitCode).as(output).isEqualTo(ASSERTIONS_FAILED);
      return this;
    }

    /** Asserts the word of the verdict, and the exit code. */
    public Ended assertJudged(String verdict, int code) throws IOException {
      assertThat(verdict()).as(output).isEqualTo(verdict);
      assertThat(exitCode).as(output).isEqualTo(code);
      return this;
    }

    /** Asserts that the run refused to start, with these parts of sentences for each reason. */
    public void assertRefused(String... sentences) {
      assertThat(exitCode).as(output).isNotZero();
      assertThat(output).contains(sentences).doesNotContain("listening", "at io.gatling");
    }

    /** A counter of the measured phase; 0 if it never counted. */
    public long counter(String name) throws IOException {
      return json("kpi.json").path("counters").path(name).asLong();
    }

    public String verdict() throws IOException {
      return json("verdict.json").path("verdict").asText();
    }

    /** The outcome of one check; empty if there was no such check. */
    public String outcome(String check) throws IOException {
      return outcomes().getOrDefault(check, "");
    }

    /** The names of the checks that have one of some outcomes. */
    public List<String> checks(String... wanted) throws IOException {
      Map<String, String> outcomes = outcomes();
      outcomes.values().retainAll(List.of(wanted));
      return List.copyOf(outcomes.keySet());
    }

    private Map<String, String> outcomes() throws IOException {
      Map<String, String> outcomes = new LinkedHashMap<>();
      for (JsonNode check : json("verdict.json").path("checks")) {
        outcomes.put(check.path("name").asText(), check.path("outcome").asText());
      }
      return outcomes;
    }

    public JsonNode json(String file) throws IOException {
      return MAPPER.readTree(folder().resolve(file).toFile());
    }
  }
}

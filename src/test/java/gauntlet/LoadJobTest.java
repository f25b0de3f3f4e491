package gauntlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The scripts of the generators and of the judge, by a real shell, with programs of the test in
 * place of the images' own.
 */
class LoadJobTest {
  private static final Path SCRIPTS = Path.of("deploy/kubernetes/base/load");

  @TempDir private Path runs;

  private record Ended(int code, String output) {}

  /** Programs that print what they were given. */
  @BeforeEach
  void putPrograms() throws IOException {
    program(
        "load",
        "mkdir -p $GAUNTLET_OUTPUT_DIR/X.smoke/now.shard-$JOB_COMPLETION_INDEX-of-3\n"
            + "echo $GAUNTLET_SHARD $GAUNTLET_START_AT $1; exit $JOB_COMPLETION_INDEX");
    program("java", "echo \"$@\"");
  }

  @Test
  void generators_wait_for_each_other_agree_on_one_start_and_are_merged() throws Exception {
    List<Process> generators = new ArrayList<>();
    for (int index = 0; index < 3; index++) {
      generators.add(start("start.sh", index, 3));
    }
    Process judge = start("judge.sh", 0, 3);
    List<Ended> ended = new ArrayList<>();
    for (Process each : generators) {
      ended.add(end(each));
    }
    assertThat(ended).extracting(Ended::code).containsExactly(0, 1, 2);
    assertThat(ended).extracting(Ended::output).containsOnly(ended.get(0).output);
    assertThat(ended.get(0).output)
        .matches("job/3 20\\S+Z -Dgatling.simulationClass=simulations.SseBattleSimulation\n");
    Path run = runs.resolve("first");
    String own = " " + run + "/X.smoke/now.shard-%d-of-3";
    assertThat(end(judge).output)
        .contains("merge" + own.formatted(0) + own.formatted(1) + own.formatted(2))
        .endsWith(" --output-dir " + run + "\n");
  }

  @Test
  void a_generator_that_never_comes_ends_the_others_and_the_judge() throws Exception {
    Process alone = start("start.sh", 0, 2);
    Process judge = start("judge.sh", 0, 2);
    Ended ended = end(alone);
    assertThat(ended.code).isEqualTo(2);
    assertThat(ended.output).contains("start: after 5 s 1 of 2 generators are here");
    assertThat(end(judge).output)
        .isEqualTo(
            "judge: no generator of the run 'first' has begun; for the reason see kubectl logs"
                + " -n gauntlet -l app.kubernetes.io/name=generators\n");
    assertThat(end(start("judge.sh", 0, 2, "RUN", "second", "ENDED_WITHIN", "1")).output)
        .contains("judge: after 1 s not all of 2 generators have ended");
  }

  @Test
  void a_pod_that_is_killed_is_missed_by_its_silence_and_the_others_are_waited_for()
      throws Exception {
    program(
        "load",
        "mkdir -p $GAUNTLET_OUTPUT_DIR/X.smoke/now.shard-$JOB_COMPLETION_INDEX-of-2\n"
            + "echo began; exec sleep $((60 * JOB_COMPLETION_INDEX + 10))");
    Process first = start("start.sh", 0, 2);
    Process killed = start("start.sh", 1, 2);
    Process judge = start("judge.sh", 0, 2, "SILENT_WITHIN", "8");
    assertThat(killed.inputReader().readLine()).isEqualTo("began");
    List<ProcessHandle> pod = killed.descendants().toList();
    killed.destroyForcibly();
    pod.forEach(ProcessHandle::destroyForcibly);
    assertThat(end(judge).output)
        .startsWith("judge: generator 1 wrote nothing for 8 s: its pod was killed, or its node is")
        .containsOnlyOnce("wrote nothing")
        .contains("now.shard-0-of-2", "now.shard-1-of-2");
    assertThat(runs.resolve("first/generators/0/ended")).exists();
    assertThat(end(first).code).isZero();
  }

  @Test
  void a_run_of_one_name_has_each_generator_and_its_verdict_once() throws Exception {
    assertThat(end(start("start.sh", 0, 1)).code).isZero();
    assertThat(end(start("judge.sh", 0, 1)).code).isZero();
    Ended again = end(start("start.sh", 0, 1));
    assertThat(again.code).isEqualTo(2);
    assertThat(again.output).contains("the run 'first' has had generator 0; name a new RUN");
    again = end(start("judge.sh", 0, 1));
    assertThat(again.code).isEqualTo(2);
    assertThat(again.output).contains("the run 'first' has had its verdict; name a new RUN");
  }

  @Test
  void a_pod_that_is_stopped_lets_its_run_end() throws Exception {
    program(
        "load", "trap 'echo interrupted; exit 7' TERM\necho began\nwhile :; do sleep 0.1; done");
    Process generator = start("start.sh", 0, 1);
    assertThat(generator.inputReader().readLine()).isEqualTo("began");
    generator.toHandle().destroy();
    assertThat(end(generator)).isEqualTo(new Ended(7, "interrupted\n"));
    assertThat(runs.resolve("first/generators/0/ended")).exists();
  }

  @Test
  void the_image_finds_what_the_cluster_has_and_keeps_what_is_given() throws Exception {
    program("getent", "test $2 != proxy.gauntlet");
    program("java", "env | grep '^GAUNTLET_' | sort");
    ProcessBuilder load =
        new ProcessBuilder("sh", Path.of("deploy/image/load").toAbsolutePath() + "");
    load.directory(runs.toFile()).redirectErrorStream(true);
    load.environment().keySet().removeIf(name -> name.startsWith("GAUNTLET_"));
    load.environment().put("PATH", runs + ":" + System.getenv("PATH"));
    assertThat(end(load.start())).isEqualTo(new Ended(0, "\n"));
    load.environment().put("KUBERNETES_SERVICE_HOST", "10.0.0.1");
    load.environment().put("GAUNTLET_SSE_URL", "");
    assertThat(end(load.start()).output)
        .contains("GAUNTLET_REDIS_URL=redis://redis.redis-system:6379\n", "GAUNTLET_SSE_URL=\n")
        .doesNotContain("GAUNTLET_PROXY_URL");
  }

  private void program(String name, String script) throws IOException {
    Path file = Files.writeString(runs.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Process start(String script, int index, int generators, String... more)
      throws IOException {
    String text = Files.readString(SCRIPTS.resolve(script)).replace("/runs/", runs + "/");
    ProcessBuilder shell = new ProcessBuilder("sh", "-c", text).redirectErrorStream(true);
    Map<String, String> variables = shell.environment();
    try (Stream<String> settings = Files.lines(SCRIPTS.resolve("load.env"))) {
      settings
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split("=", 2))
          .forEach(setting -> variables.put(setting[0], setting[1]));
    }
    variables.put("PATH", runs + ":" + System.getenv("PATH"));
    variables.put("JOB_COMPLETION_INDEX", String.valueOf(index));
    // Of what the file has; a script fails without a variable that it lacks.
    variables.replace("GENERATORS", String.valueOf(generators));
    variables.replace("READY_WITHIN", "5");
    variables.replace("START_IN", "5");
    variables.replace("ENDED_WITHIN", "30");
    for (int at = 0; at < more.length; at += 2) {
      variables.replace(more[at], more[at + 1]);
    }
    return shell.start();
  }

  private static Ended end(Process process) throws IOException, InterruptedException {
    String output = String.join("\n", process.inputReader().lines().toList()) + "\n";
    return new Ended(process.waitFor(), output);
  }
}

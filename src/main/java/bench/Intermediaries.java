package bench;

import bench.ServerConfig.Place;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import stack.StackFailure;
import stack.TargetProcess;

/** The source of the streams and the intermediaries before it, on a stage. */
final class Intermediaries {
  /** So many streams a target takes at most: more than any bench opens. */
  private static final String STREAMS_MAX = "100000";

  private final BenchSettings settings;
  private final Stage stage;

  /**
   * @param stage that all processes belong to
   */
  Intermediaries(BenchSettings settings, Stage stage) {
    this.settings = settings;
    this.stage = stage;
  }

  /** The source of all streams. */
  TargetProcess llm() {
    return target("llm", "llm", settings.jvmOptions(), List.of());
  }

  /** Gauntlet's proxy as a lane. */
  Lane gauntlet(String name, URI llm, List<String> jvmOptions) {
    TargetProcess proxy =
        target(
            "proxy",
            name,
            jvmOptions,
            List.of(
                "--upstream", llm.toString(), "--threads", Integer.toString(settings.threads())));
    String version = "Gauntlet's proxy on Java " + Runtime.version() + ", " + join(jvmOptions);
    return new Lane(name, version, proxy.url(), OptionalLong.of(proxy.pid()));
  }

  /** nginx as a lane. */
  Lane nginx(Path program, URI llm) {
    Place place = place(llm);
    Path home = stage.folder().resolve("nginx");
    Path config = write(home.resolve("nginx.conf"), ServerConfig.nginx(place));
    List<String> command =
        List.of(
            program.toString(),
            "-p",
            home + "/",
            "-c",
            config.toString(),
            "-e",
            "stderr",
            "-g",
            "daemon off;");
    return lane("nginx", program, command, place);
  }

  /** HAProxy as a lane. */
  Lane haproxy(Path program, URI llm) {
    Place place = place(llm);
    Path config = write(stage.folder().resolve("haproxy/haproxy.cfg"), ServerConfig.haproxy(place));
    List<String> command = List.of(program.toString(), "-db", "-f", config.toString());
    return lane("haproxy", program, command, place);
  }

  private Lane lane(String name, Path program, List<String> command, Place place) {
    OtherServer server =
        OtherServer.launch(name, command, place.port(), stage.folder().resolve(name + ".log"));
    stage.own(server);
    server.awaitReady(settings.readyWithin());
    return new Lane(name, Programs.version(program), server.url(), OptionalLong.of(server.pid()));
  }

  private Place place(URI llm) {
    return new Place(
        OtherServer.freePort(), llm.getPort(), settings.load().streams(), settings.threads());
  }

  private static Path write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new StackFailure("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  private TargetProcess target(
      String name, String process, List<String> jvmOptions, List<String> options) {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of("--max-streams", STREAMS_MAX));
    return stage.target(name, process, jvmOptions, all);
  }

  private static String join(List<String> options) {
    return String.join(" ", options);
  }
}

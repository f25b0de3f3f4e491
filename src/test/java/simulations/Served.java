package simulations;

import java.nio.file.Path;
import java.util.List;
import stack.TargetProcess;

/** Bundled targets, each in a small process of its own, for simulations to reach. */
final class Served {
  private static final List<String> SMALL =
      List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private Served() {}

  /** Starts a target, whose log is a file of the folder, and waits until it is ready. */
  static TargetProcess start(Path folder, String name, String... options) {
    Path log = folder.resolve(name + ".log");
    return TargetProcess.launch(new TargetProcess.Spec(name, SMALL, List.of(options), log))
        .awaitReady();
  }
}

package stack;

import java.util.List;

/** The options with which runs and benches start the JVM of a bundled target. */
public final class TargetJvm {
  private TargetJvm() {}

  /**
   * A heap of fixed size with a young generation of a seventh, a third of that for newcomers: so it
   * is collected every few seconds, and the state of a stream is gone before it is moved among the
   * old, where only a full collection would find it dead. See docs/decisions/0009-live-heap.md.
   *
   * @param heap the size, such as 128m
   */
  public static List<String> options(String heap) {
    return List.of(
        "-Xms" + heap,
        "-Xmx" + heap,
        "-XX:+UseSerialGC",
        "-XX:NewRatio=6",
        "-XX:SurvivorRatio=1",
        "-XX:TargetSurvivorRatio=90",
        "-XX:+ExitOnOutOfMemoryError");
  }
}

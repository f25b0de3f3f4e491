package stack;

import java.util.List;

/** JVM options of the bundled targets. */
public final class TargetJvm {
  private TargetJvm() {}

  /**
   * Returns the options of a heap of fixed size. The young generation has a seventh, a third of
   * that for new objects, so that it is collected every few seconds and the state of a stream is
   * gone before it would be promoted. See docs/decisions/0009-live-heap.md.
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

package testing;

import java.io.IOException;

/** A running script of another program, which reports to the test in order. */
public interface Script extends AutoCloseable {
  /**
   * Returns the next report.
   *
   * @throws IllegalStateException if none comes within 30 s
   */
  String next() throws InterruptedException, IOException;

  @Override
  void close() throws IOException;
}

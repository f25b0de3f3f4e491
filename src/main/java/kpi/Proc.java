package kpi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Texts of Linux's {@code /proc} (proc(5)) and of control groups; on other systems every figure of
 * them is absent.
 */
final class Proc {
  private static final Path ROOT = Path.of("/proc");
  private static final long BYTES_PER_KB = 1024;

  private Proc() {}

  /** Reads a file of {@code /proc}, or any file by its absolute path. */
  static Optional<String> text(String file) {
    try {
      return Optional.of(Files.readString(ROOT.resolve(file)));
    } catch (IOException e) {
      return Optional.empty(); // Not Linux, or the process is gone: optional by contract.
    }
  }

  /**
   * Returns the number of a process's open descriptors, as the size of their folder: listing some
   * thousands takes milliseconds. Absent before Linux 6.2.
   */
  static Optional<Long> descriptors(String process) {
    try {
      return Optional.of(Files.size(ROOT.resolve(process).resolve("fd"))).filter(fds -> fds > 0);
    } catch (IOException e) {
      return Optional.empty(); // Not Linux, the process is gone, or it is another user's.
    }
  }

  /** Returns the first value of a field in a text of one field a line. */
  static Optional<String> field(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst();
  }

  static Optional<Long> number(String text, String name) {
    return field(text, name)
        .map(value -> value.replaceAll("\\D", ""))
        .filter(digits -> !digits.isEmpty())
        .map(Long::parseLong);
  }

  /** Returns a field that the kernel writes in kB. */
  static Optional<Long> bytes(String text, String name) {
    return number(text, name).map(kb -> kb * BYTES_PER_KB);
  }
}

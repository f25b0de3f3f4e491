package testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** The processes of a run, from the kernel's files of them. */
final class Processes {
  private Processes() {}

  /**
   * Every process that a run started, and all that these started, each with its command line. They
   * have its mark in their environment; programs that write their title over it have their log in
   * the run's folder.
   */
  static Map<ProcessHandle, String> of(String mark, Path folder) {
    Map<ProcessHandle, String> processes = new LinkedHashMap<>();
    ProcessHandle.allProcesses()
        .filter(each -> read(each, "environ").contains(mark) || hasOpen(each, folder))
        .forEach(each -> processes.put(each, read(each, "cmdline").replace('\0', ' ')));
    return processes;
  }

  private static boolean hasOpen(ProcessHandle process, Path folder) {
    try (Stream<Path> files = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
      for (Path file : files.toList()) {
        if (Files.readSymbolicLink(file).startsWith(folder)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return false; // It has ended, or is another user's.
    }
  }

  /** From the kernel, for Java cuts a command line at 4 KiB, which a class path alone may fill. */
  private static String read(ProcessHandle process, String file) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid(), file), ISO_8859_1);
    } catch (IOException e) {
      return ""; // It has ended.
    }
  }
}

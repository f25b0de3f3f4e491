package stack;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Programs in folders that are filled once and then used by every run of a user. A folder appears
 * whole or not at all, and only one process fills at a time.
 *
 * @param root is made when it is needed
 */
record ProgramCache(Path root) {
  private static final Set<PosixFilePermission> READABLE =
      PosixFilePermissions.fromString("rwxr-xr-x");

  private static final Duration LOCK_BOUND = Duration.ofMinutes(5);
  private static final Duration POLL = Duration.ofMillis(50);

  /** A file lock holds other processes, not other threads of this one. */
  private static final ReentrantLock THREADS = new ReentrantLock();

  /** Puts a program into an empty folder. */
  @FunctionalInterface
  interface Filler {
    /**
     * Fills it; whatever it throws leaves nothing behind.
     *
     * @throws IOException if the folder cannot be written to
     * @throws StackFailure if the program cannot be had
     */
    void fill(Path folder) throws IOException;
  }

  /**
   * A folder, filled if it is not there yet.
   *
   * @param name may have slashes
   * @throws StackFailure if it cannot be filled, or the cache cannot be written to
   */
  Path folder(String name, Filler filler) {
    Path folder = root.resolve(name);
    return Files.isDirectory(folder) ? folder : oneAtATime(() -> fill(name, filler));
  }

  /**
   * The folder of what is packed on the class path, unpacked if it is not there yet.
   *
   * @param program the folder above it
   * @throws StackFailure if it cannot be unpacked, or the cache cannot be written to
   */
  Path unpacked(String program, Packaged packed, Filler unpack) {
    try {
      return folder(program + "/" + packed.key(), unpack);
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /**
   * Does something while no other process and no other thread does.
   *
   * @throws StackFailure if another process takes longer than 5 minutes
   */
  <T> T oneAtATime(Supplier<T> work) {
    THREADS.lock();
    try {
      Files.createDirectories(root);
      try (FileChannel file =
          FileChannel.open(
              root.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        lock(file); // Until the file is closed.
        return work.get();
      }
    } catch (IOException e) {
      throw unusable(e);
    } finally {
      THREADS.unlock();
    }
  }

  /** Like {@link #folder}, for somebody who is already alone. */
  Path fill(String name, Filler filler) {
    Path folder = root.resolve(name);
    if (Files.isDirectory(folder)) {
      return folder; // Another process was faster.
    }
    try {
      Files.createDirectories(folder.getParent());
      Path half = Files.createTempDirectory(folder.getParent(), ".half");
      try {
        filler.fill(half);
        Files.setPosixFilePermissions(half, READABLE); // A temporary folder is its owner's alone.
        return Files.move(half, folder, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        deleteAll(half);
      }
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /** Deletes a folder with all that is in it; one that is not there is fine. */
  static void deleteAll(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(folder)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : deepestFirst) {
      Files.deleteIfExists(each);
    }
  }

  private void lock(FileChannel file) throws IOException {
    long deadlineNs = System.nanoTime() + LOCK_BOUND.toNanos();
    try {
      while (System.nanoTime() - deadlineNs < 0) {
        if (file.tryLock() != null) {
          return;
        }
        TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackFailure("interrupted while another process was filling " + root, e);
    }
    throw new StackFailure(
        "another process has been filling "
            + root
            + " for "
            + LOCK_BOUND.toMinutes()
            + " minutes; end it, or name another folder by XDG_CACHE_HOME");
  }

  private StackFailure unusable(IOException e) {
    return new StackFailure(
        "cannot use the program cache "
            + root
            + " ("
            + e
            + "); name a folder that you may write to by the environment variable XDG_CACHE_HOME",
        e);
  }
}

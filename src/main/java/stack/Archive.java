package stack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** Unpacks programs from tar archives. */
final class Archive {
  private static final int ANY_EXECUTE = 0111;

  private Archive() {}

  /** Unpacks a whole {@code .tar.xz}. */
  static void unpackXz(InputStream archive, Path folder) throws IOException {
    unpack(new TarArchiveInputStream(new XZInputStream(archive)), folder, name -> true);
  }

  /** Unpacks the wanted entries of a {@code .tar.gz}. */
  static void unpackGzip(InputStream archive, Path folder, Predicate<String> wanted)
      throws IOException {
    unpack(new TarArchiveInputStream(new GZIPInputStream(archive)), folder, wanted);
  }

  private static void unpack(TarArchiveInputStream tar, Path folder, Predicate<String> wanted)
      throws IOException {
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      if (!wanted.test(entry.getName())) {
        continue;
      }
      Path place = inside(folder, folder.resolve(entry.getName()));
      if (entry.isDirectory()) {
        Files.createDirectories(place);
      } else if (entry.isSymbolicLink()) {
        Path to = Path.of(entry.getLinkName());
        inside(folder, place.resolveSibling(to));
        Files.createDirectories(place.getParent());
        Files.createSymbolicLink(place, to);
      } else if (entry.isFile()) {
        Files.createDirectories(place.getParent());
        Files.copy(tar, place);
        setExecutable(place, (entry.getMode() & ANY_EXECUTE) != 0);
      }
    }
  }

  /** Makes a file executable. */
  static void setExecutable(Path file, boolean executable) throws IOException {
    if (executable && !file.toFile().setExecutable(true, false)) {
      throw new IOException("cannot make " + file + " executable");
    }
  }

  private static Path inside(Path folder, Path place) throws IOException {
    if (!place.normalize().startsWith(folder.normalize())) {
      throw new IOException("the archive points out of its folder: " + place);
    }
    return place;
  }
}

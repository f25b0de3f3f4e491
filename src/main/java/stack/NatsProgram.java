package stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds nats-server: on the PATH, then in the cache, then fetched into the cache from the official
 * release or else, where there is apt, from the system's packages.
 */
final class NatsProgram {
  static final String NAME = "nats-server";

  /** Stands for the version of the system's package. */
  private static final String PACKAGE = "package";

  private final Host host;
  private final ProgramCache cache;
  private final NatsRelease release;
  private final NatsPackage systemPackage;

  NatsProgram(Host host, NatsRelease release, NatsPackage systemPackage) {
    this.host = host;
    this.cache = new ProgramCache(host.cache());
    this.release = release;
    this.systemPackage = systemPackage;
  }

  /** Searches with the official release and the system's own packages. */
  static NatsProgram of(Host host) {
    return new NatsProgram(host, NatsRelease.OFFICIAL, new NatsPackage(host, List.of()));
  }

  /**
   * Returns the first that runs here.
   *
   * @throws StackFailure if none does; it lists the remedies
   */
  Program find() {
    Program.Search search = new Program.Search(NAME);
    return search
        .onPath(host)
        .or(() -> cached(search))
        .or(() -> cache.oneAtATime(() -> fetched(search)))
        .orElseThrow(() -> search.failure(remedies()));
  }

  private Optional<Program> cached(Program.Search search) {
    List<Path> there =
        Stream.of(release.version(), PACKAGE)
            .map(this::place)
            .filter(Files::isRegularFile)
            .toList();
    if (there.isEmpty()) {
      search.failed(cache.root().resolve(NAME).toString(), "none");
    }
    return there.stream().map(search::tryOut).flatMap(Optional::stream).findFirst();
  }

  private Optional<Program> fetched(Program.Search search) {
    // Another process may have fetched it while this one waited for its turn.
    return cached(new Program.Search(NAME))
        .or(() -> fill(search, release.version(), release.page(), to -> release.fetch(host, to)))
        .or(() -> fill(search, PACKAGE, "apt-get download " + NAME, systemPackage::fetch));
  }

  private Optional<Program> fill(
      Program.Search search, String version, String source, ProgramCache.Filler filler) {
    try {
      cache.fill(NAME + "/" + version, filler);
      return search.tryOut(place(version));
    } catch (StackFailure e) {
      search.failed(source, e.getMessage());
      return Optional.empty();
    }
  }

  private Path place(String version) {
    return cache.root().resolve(NAME).resolve(version).resolve(NAME);
  }

  private List<String> remedies() {
    return List.of(
        "name a running server by -Dnats.url=nats://host:4222",
        "install nats-server so that it is on the PATH (Debian, Ubuntu: apt-get install"
            + " nats-server; macOS: brew install nats-server)",
        "put the program from " + release.page() + " at " + place(release.version()),
        "name a cache folder that has it by the environment variable XDG_CACHE_HOME");
  }

  /**
   * Moves the program out of an unpacked release or package.
   *
   * @throws StackFailure if it is not there
   */
  static void take(Path unpacked, Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(unpacked)) {
      Path found =
          all.filter(file -> file.endsWith(NAME) && Files.isRegularFile(file))
              .findFirst()
              .orElseThrow(() -> new StackFailure("it contains no " + NAME));
      Files.move(found, folder.resolve(NAME));
    }
  }
}

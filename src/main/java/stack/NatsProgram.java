package stack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where nats-server comes from: the PATH, then the cache, then fetched into the cache, from the
 * official release or else, where there is apt, from the system's packages.
 */
final class NatsProgram {
  static final String NAME = "nats-server";

  /** Stands for the version of whatever package the system has. */
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

  /** With the official release and the system's own packages. */
  static NatsProgram of(Host host) {
    return new NatsProgram(host, NatsRelease.OFFICIAL, NatsPackage.of(host));
  }

  /**
   * The first that runs here.
   *
   * @throws StackFailure if none does; it names every way out
   */
  Program find() {
    Search search = new Search(NAME);
    Optional<Path> onPath = host.find(NAME);
    if (onPath.isEmpty()) {
      search.failed("PATH", "none");
    }
    return onPath
        .flatMap(search::tryOut)
        .or(() -> cached(search))
        .or(() -> cache.oneAtATime(() -> fetched(search)))
        .orElseThrow(() -> search.failure(waysOut()));
  }

  private Optional<Program> cached(Search search) {
    List<Path> there =
        Stream.of(release.version(), PACKAGE)
            .map(version -> cache.root().resolve(NAME).resolve(version).resolve(NAME))
            .filter(Files::isRegularFile)
            .toList();
    if (there.isEmpty()) {
      search.failed(cache.root().resolve(NAME).toString(), "none");
    }
    return there.stream().map(search::tryOut).flatMap(Optional::stream).findFirst();
  }

  private Optional<Program> fetched(Search search) {
    // Another process may have fetched it while this one waited for its turn.
    return cached(new Search(NAME))
        .or(
            () ->
                fill(
                    search,
                    release.version(),
                    release.page(),
                    folder -> release.fetch(host, folder)))
        .or(() -> fill(search, PACKAGE, "apt-get download " + NAME, systemPackage::fetch));
  }

  private Optional<Program> fill(
      Search search, String version, String source, ProgramCache.Filler filler) {
    try {
      return search.tryOut(cache.fill(NAME + "/" + version, filler).resolve(NAME));
    } catch (StackFailure e) {
      search.failed(source, e.getMessage());
      return Optional.empty();
    }
  }

  private List<String> waysOut() {
    Path place = cache.root().resolve(NAME).resolve(release.version()).resolve(NAME);
    return List.of(
        "name a running server by -Dnats.url=nats://host:4222",
        "install "
            + NAME
            + " so that it is on the PATH (Debian, Ubuntu: apt-get install "
            + NAME
            + "; macOS: brew install "
            + NAME
            + ")",
        "put the program from " + release.page() + " at " + place,
        "name a cache folder that has it by the environment variable XDG_CACHE_HOME");
  }
}

package stack;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Finds nats-server: on the PATH, then in the cache, then fetched into the cache from the official
 * release or else, where there is apt, from the system's packages.
 *
 * @param aptOptions precede apt's command, such as another source of lists
 */
record NatsProgram(Host host, Release release, List<String> aptOptions) {
  private static final String NAME = "nats-server";

  /** Stands for the version of the system's package. */
  private static final String PACKAGE = "package";

  private static final Duration CONNECT_BOUND = Duration.ofSeconds(5);
  private static final Duration APT_BOUND = Duration.ofMinutes(2);

  /**
   * Has apt use state folders of its own, so that it needs no root and installs nothing. apt checks
   * the signatures. Its sandbox user, when we are root, would be one without access here.
   */
  private static final String APT =
      """
      mkdir -p state/lists/partial cache/archives/partial unpacked
      apt() {
        apt-get -q -o Dir::State="$PWD/state" -o Dir::Cache="$PWD/cache" -o APT::Sandbox::User= \
          -o Acquire::Retries=1 -o Acquire::http::Timeout=10 -o Acquire::https::Timeout=10 \
          -o Acquire::Languages=none "$@"
      }
      apt "$@" update && apt "$@" download nats-server && dpkg-deb -x *.deb unpacked
      """;

  /**
   * A release of nats-server, checked against the SHA-256 sums that are published with it. They
   * detect a broken transfer; protection from tampering is left to TLS.
   *
   * @param base the folder of all releases
   * @param version without the v
   * @param bound of each of the two transfers
   */
  record Release(URI base, String version, Duration bound) {
    /** The release that is fetched. */
    static final Release OFFICIAL =
        new Release(
            URI.create("https://github.com/nats-io/nats-server/releases/download/"),
            "2.14.7",
            Duration.ofSeconds(60));

    /** Returns its download page. */
    String page() {
      return base.resolve("v" + version + "/").toString();
    }
  }

  /** Searches with the official release and the system's own packages. */
  static NatsProgram of(Host host) {
    return new NatsProgram(host, Release.OFFICIAL, List.of());
  }

  /** Returns the first that runs here, or throws with the remedies if none does. */
  Program find() {
    Program.Search search = new Program.Search(NAME, "--version");
    return search
        .onPath(host)
        .or(() -> cached(search))
        .or(() -> cache().oneAtATime(() -> fetched(search)))
        .orElseThrow(
            () ->
                search.failure(
                    "name a running server by -Dnats.url=nats://host:4222",
                    "install nats-server so that it is on the PATH (Debian, Ubuntu: apt-get install"
                        + " nats-server; macOS: brew install nats-server)",
                    "put the program from " + release.page() + " at " + place(release.version()),
                    "name a cache folder that has it by the environment variable XDG_CACHE_HOME"));
  }

  private Optional<Program> cached(Program.Search search) {
    List<Path> there =
        Stream.of(release.version(), PACKAGE)
            .map(this::place)
            .filter(Files::isRegularFile)
            .toList();
    if (there.isEmpty()) {
      search.failed(host.cache().resolve(NAME).toString(), "none");
    }
    return there.stream().map(search::tryOut).flatMap(Optional::stream).findFirst();
  }

  private Optional<Program> fetched(Program.Search search) {
    // Another process may have fetched it while this one waited for its turn.
    return cached(new Program.Search(NAME, "--version"))
        .or(() -> fill(search, release.version(), release.page(), this::download))
        .or(() -> fill(search, PACKAGE, "apt-get download " + NAME, this::unpackPackage));
  }

  /** Fills the cache with the program from a work folder that a source has filled. */
  private Optional<Program> fill(
      Program.Search search, String version, String source, ProgramCache.Filler filler) {
    try {
      cache().fill(NAME + "/" + version, folder -> take(filler, folder));
      return search.tryOut(place(version));
    } catch (StackFailure e) {
      search.failed(source, e.getMessage());
      return Optional.empty();
    }
  }

  private static void take(ProgramCache.Filler filler, Path folder) throws IOException {
    Path work = Files.createDirectory(folder.resolve("work"));
    filler.fill(work);
    try (Stream<Path> all = Files.walk(work)) {
      Path found =
          all.filter(file -> file.endsWith(NAME) && Files.isRegularFile(file))
              .findFirst()
              .orElseThrow(() -> new StackFailure("it contains no " + NAME));
      Files.move(found, folder.resolve(NAME));
    }
    ProgramCache.deleteAll(work);
  }

  private void download(Path folder) throws IOException {
    Host.Platform platform =
        host.platform().orElseThrow(() -> new StackFailure("has none for " + host.described()));
    String name = NAME + "-v" + release.version() + "-" + platform.release() + ".tar.gz";
    Path archive = folder.resolve("archive");
    // No proxy: that of Gatling's JVM leads nowhere, on purpose.
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_BOUND)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();
    String sums = get(client, "SHA256SUMS", HttpResponse.BodyHandlers.ofString());
    get(client, name, HttpResponse.BodyHandlers.ofFile(archive));
    check(name, sums, archive);
    try (InputStream content = Files.newInputStream(archive)) {
      ProgramCache.unpackTar(new GZIPInputStream(content), folder);
    }
  }

  private <T> T get(HttpClient client, String name, HttpResponse.BodyHandler<T> to) {
    URI from = URI.create(release.page() + name);
    CompletableFuture<HttpResponse<T>> transfer =
        client.sendAsync(HttpRequest.newBuilder(from).build(), to);
    try {
      HttpResponse<T> response = transfer.get(release.bound().toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200) {
        throw new StackFailure(name + ": HTTP status " + response.statusCode());
      }
      return response.body();
    } catch (ExecutionException e) {
      throw new StackFailure(name + ": " + e.getCause(), e);
    } catch (TimeoutException e) {
      long seconds = release.bound().toSeconds();
      throw new StackFailure(name + ": it took longer than " + seconds + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackFailure("interrupted while fetching " + name, e);
    } finally {
      transfer.cancel(true);
    }
  }

  private static void check(String name, String sums, Path archive) throws IOException {
    String sum;
    try (InputStream content = Files.newInputStream(archive)) {
      sum = ProgramCache.sha256(content);
    }
    // Lines of sha256sum: the sum, blanks, the name.
    if (sums.lines().noneMatch(line -> line.strip().endsWith(" " + name))) {
      throw new StackFailure(name + " is not in the release's SHA256SUMS");
    }
    if (sums.lines().noneMatch(line -> line.matches(sum + "\\s+\\*?" + Pattern.quote(name)))) {
      throw new StackFailure(name + " is damaged: its SHA-256 is " + sum + ", not the release's");
    }
  }

  private void unpackPackage(Path folder) throws IOException {
    for (String tool : List.of("apt-get", "dpkg-deb")) {
      if (host.find(tool).isEmpty()) {
        throw new StackFailure("there is no " + tool);
      }
    }
    List<String> words =
        Stream.concat(Stream.of("/bin/sh", "-c", APT, "sh"), aptOptions.stream()).toList();
    Command.Ended ended = Command.run(folder, APT_BOUND, words);
    if (!ended.isFine()) {
      throw new StackFailure("apt-get failed: " + ended.lastLine());
    }
  }

  private ProgramCache cache() {
    return new ProgramCache(host.cache());
  }

  private Path place(String version) {
    return host.cache().resolve(NAME).resolve(version).resolve(NAME);
  }
}

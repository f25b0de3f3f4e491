package stack;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Another project's program in the place of a bundled target, with the smallest fair configuration:
 * one worker or thread, no log, no buffering. Its output is {@code <kind>.log} and its
 * configuration {@code <kind>.conf} in the folder. A program that is not installed is a {@link
 * StackFailure} that names a remedy. A peer of tickers is {@link NatsServer#web}.
 */
public final class Peer extends Server {
  /** The programs. */
  public enum Kind {
    /** nginx as a proxy. */
    NGINX("nginx", "nginx"),
    /** HAProxy as a proxy. */
    HAPROXY("haproxy", "haproxy"),
    /** nginx with the module nchan, which passes published messages to WebSockets and streams. */
    NCHAN("nginx", "nginx libnginx-mod-nchan"),
    /** An event server of Node's own http module, with the paths of the bundled one. */
    NODE("node", "nodejs"),
    /** The same with the package better-sse of npm. */
    BETTER_SSE("node", "nodejs npm");

    private final String program;
    private final String packages;

    Kind(String program, String packages) {
      this.program = program;
      this.packages = packages;
    }

    /** Returns the word that names it in options. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the kind of a word. */
    public static Optional<Kind> of(String word) {
      return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
    }

    /** Returns whether this machine has the program and its module. */
    public boolean isInstalled() {
      Host host = Host.here();
      return host.find(program).isPresent() && (!hasModule() || module(host).isPresent());
    }

    private boolean hasModule() {
      return this == NCHAN || this == BETTER_SSE;
    }

    private Optional<Path> module(Host host) {
      return (this == NCHAN ? MODULES.stream().map(Path::of) : Stream.of(packages(host)))
          .map(folder -> folder.resolve(this == NCHAN ? MODULE : PACKAGE))
          .filter(Files::exists)
          .findFirst();
    }

    private static Path packages(Host host) {
      return host.cache().resolve("npm").resolve("node_modules");
    }
  }

  private static final Duration SEND_TIMEOUT = Duration.ofSeconds(30);

  private static final String NPM = "npm install --prefix ~/.cache/gauntlet/npm better-sse";
  private static final String PACKAGE = "better-sse";
  private static final String MODULE = "ngx_nchan_module.so";
  private static final List<String> MODULES =
      List.of(
          "/usr/lib/nginx/modules",
          "/usr/lib64/nginx/modules",
          "/usr/share/nginx/modules",
          "/usr/local/nginx/modules");

  /** Connections beyond those of streams or viewers: probes, and idle ones that are kept. */
  private static final int SPARE_CONNECTIONS = 1024;

  /** A proxy answers with one while its upstream does not; anything else comes from behind it. */
  private static final int SERVER_ERROR = 500;

  private final Kind kind;
  private final Map<String, Object> values;

  private Peer(Kind kind, Map<String, Object> values, Path folder) {
    super(kind.word(), program(kind), makeFolder(folder));
    this.kind = kind;
    this.values = values;
  }

  /**
   * Starts a proxy.
   *
   * @param upstreams the addresses that requests go to by turns; past one that is down
   * @param streams open at once; each takes two connections
   */
  public static Peer proxy(Kind kind, List<URI> upstreams, int streams, Path folder) {
    String form =
        kind == Kind.NGINX ? "server %2$s max_fails=0;" : "server s%d %s pool-purge-delay 15s";
    String servers =
        IntStream.range(0, upstreams.size())
            .mapToObj(at -> form.formatted(at, upstreams.get(at).getAuthority()))
            .collect(Collectors.joining("\n    "));
    return start(
        kind, Map.of("servers", servers, "connections", 2 * streams + SPARE_CONNECTIONS), folder);
  }

  /**
   * Starts a server that passes published messages on: they go by POST to {@code /broadcast}, and
   * to event streams there; nchan also takes them at {@code /publish/<channel>} for the WebSockets
   * at {@code /ws/items/<channel>}, and the others have the paths of the bundled event server.
   */
  public static Peer pushing(Kind kind, int clients, Path folder) {
    return pushing(kind, clients, SEND_TIMEOUT, folder);
  }

  /**
   * Like {@link #pushing(Kind, int, Path)}.
   *
   * @param sendTimeout after which a client that reads nothing is cut off; nchan has none
   */
  public static Peer pushing(Kind kind, int clients, Duration sendTimeout, Path folder) {
    Map<String, Object> values =
        Map.of(
            "connections",
            clients + SPARE_CONNECTIONS,
            "module",
            kind.hasModule() ? module(kind) : "",
            "send-timeout",
            sendTimeout.toMillis());
    return start(kind, values, folder);
  }

  private static Peer start(Kind kind, Map<String, Object> values, Path folder) {
    Peer peer = new Peer(kind, values, folder);
    peer.begin();
    return peer;
  }

  @Override
  Launch plan() {
    int port = freePorts(1).get(0);
    Map<String, Object> all = new HashMap<>(values);
    all.put("port", port);
    String resource = (kind == Kind.BETTER_SSE ? Kind.NODE : kind).word();
    makeFolder(data());
    Path conf = configure(data().resolveSibling(kind.word() + ".conf"), resource, all);
    String home = data() + "/";
    Path file = program().file();
    Stream<Object> command =
        switch (kind) {
          case HAPROXY -> Stream.of(file, "-db", "-f", conf);
          case NODE, BETTER_SSE -> Stream.of(file, conf);
          case NGINX, NCHAN ->
              Stream.of(file, "-p", home, "-c", conf, "-e", "stderr", "-g", "daemon off;");
        };
    URI url = local("http", port);
    return new Launch(
        url,
        command.map(Object::toString).toList(),
        pid -> Probe.health(url, status -> status < SERVER_ERROR));
  }

  /** Workers of nginx would outlive the process that started them. */
  @Override
  void ready() {
    guardDescendants();
  }

  private static Program program(Kind kind) {
    Program.Search search = new Program.Search(kind.program, "-v");
    return search.onPath(Host.here()).orElseThrow(() -> search.failure(remedies(kind)));
  }

  private static Path module(Kind kind) {
    Host host = Host.here();
    Program.Search search = new Program.Search(kind.word(), "-v");
    search.failed("module", "none in " + (kind == Kind.NCHAN ? MODULES : Kind.packages(host)));
    return kind.module(host).orElseThrow(() -> search.failure(remedies(kind)));
  }

  private static String[] remedies(Kind kind) {
    return new String[] {
      "install it (Debian, Ubuntu: apt-get install "
          + kind.packages
          + ")"
          + (kind == Kind.BETTER_SSE ? ", then " + NPM : ""),
      "leave " + kind.word() + " out of the options"
    };
  }
}

package stack;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A real nats-server with JetStream, alone, or as a hub with leaf nodes that exchange messages. Hub
 * and leaf have JetStream domains of their own, {@code hub} and {@code leaf}. Its limits are
 * nats-server's defaults, written down in the configuration so that they hold for every version: a
 * message has at most 1 MiB; a client that is 64 MiB behind, or takes longer than 10 s to take a
 * write, is closed as a slow consumer; streams take at most 256 MiB of memory and 4 GiB of files.
 * An acknowledged message outlives {@link #kill}; only a crash of the machine could lose it. No
 * password.
 */
public final class NatsServer extends Server {
  private enum Role {
    ALONE("nats", "", ""),
    HUB("nats-hub", "domain: hub", "leafnodes { host: \"127.0.0.1\", port: %d }"),
    LEAF(
        "nats-leaf",
        "domain: leaf",
        "leafnodes { reconnect: 1, remotes: [ { url: \"nats-leaf://127.0.0.1:%d\" } ] }"),
    WEB("nats-web", "", "websocket { host: \"127.0.0.1\", port: %d, no_tls: true }");

    private final String file;
    private final String domain;
    private final String links;

    Role(String file, String domain, String links) {
      this.file = file;
      this.domain = domain;
      this.links = links;
    }
  }

  /** In the page of leaf nodes. */
  private static final Pattern LINKED = Pattern.compile("\"leafnodes\":\\s*[1-9]");

  private final Role role;
  private final Optional<NatsServer> hub;
  private final Path folder;
  private URI monitorUrl;

  /** For leaf nodes or WebSockets; unused if the role has none. */
  private int otherPort;

  private NatsServer(Role role, Path folder, Optional<NatsServer> hub, Program program) {
    super(role.file.replace('-', ' '), program, folder, role.file);
    this.role = role;
    this.folder = folder;
    this.hub = hub;
  }

  /**
   * Starts one that is alone; its output is {@code nats.log}, its configuration {@code nats.conf}
   * and its streams {@code nats/} in the folder.
   *
   * @param folder created if missing
   * @throws StackFailure if it does not get ready within 30 s; then no process is left
   */
  public static NatsServer start(Path folder) {
    return start(Role.ALONE, folder, Optional.empty());
  }

  /** Like {@link #start}, with files named {@code nats-hub}, for {@link #leaf} to connect to. */
  public static NatsServer hub(Path folder) {
    return start(Role.HUB, folder, Optional.empty());
  }

  /**
   * Like {@link #start}, with files named {@code nats-leaf}; ready when it is connected to its hub,
   * to which it reconnects every second.
   *
   * @param hub from {@link #hub}
   */
  public static NatsServer leaf(Path folder, NatsServer hub) {
    if (hub.role != Role.HUB) {
      throw new StackFailure("a leaf needs a hub: start that one by NatsServer.hub");
    }
    return start(Role.LEAF, folder, Optional.of(hub));
  }

  /**
   * Like {@link #start}, with files named {@code nats-web}, and with a listener for WebSockets,
   * which carry NATS's own protocol.
   */
  public static NatsServer web(Path folder) {
    return start(Role.WEB, folder, Optional.empty());
  }

  private static NatsServer start(Role role, Path folder, Optional<NatsServer> hub) {
    Program program = NatsProgram.of(Host.here()).find();
    NatsServer server = new NatsServer(role, makeFolder(folder), hub, program);
    makeFolder(server.data());
    server.begin();
    return server;
  }

  /** Returns the address for WebSockets of a server from {@link #web}. */
  public synchronized URI webSocketUrl() {
    return local("ws", otherPort);
  }

  /** Returns the address of its JSON pages: {@code /varz}, {@code /connz}, {@code /jsz}. */
  public synchronized URI monitorUrl() {
    return monitorUrl;
  }

  @Override
  Launch plan() {
    List<Integer> taken = freePorts(3);
    int port = taken.get(0);
    monitorUrl = local("http", taken.get(1));
    otherPort = taken.get(2);
    // Unlike that of any other server at this port, so that the probe can tell them apart.
    String serverName = "gauntlet-" + role.file + "-" + ProcessHandle.current().pid() + "-" + port;
    Path conf =
        configure(
            folder.resolve(role.file + ".conf"),
            "nats",
            Map.ofEntries(
                entry("name", serverName),
                entry("port", port),
                entry("monitor", monitorUrl.getPort()),
                // Quoted: a folder may have any character in its name.
                entry("store", TextNode.valueOf(data().toString())),
                entry("domain", role.domain),
                entry("links", role.links.formatted(hub.orElse(this).otherPort))));
    URI url = local("nats", port);
    Probe probe = Probe.nats(url, Optional.of(serverName));
    return new Launch(
        url,
        List.of(program().file().toString(), "-c", conf.toString()),
        pid -> role == Role.LEAF ? probe.and(linked(monitorUrl)) : probe);
  }

  /** Returns the probe whether the leaf node of a monitoring address is connected to its hub. */
  static Probe linked(URI monitorUrl) {
    return Probe.page(
        monitorUrl.resolve("/leafz"),
        page -> LINKED.matcher(page.body()).find() ? "" : "it is not connected to its hub");
  }
}

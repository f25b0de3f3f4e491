package stack;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A real nats-server with JetStream, alone, as a hub with leaf nodes that exchange messages, or as
 * a cluster of {@value #NODES} nodes, which keeps a stream with replicas while one of them is away.
 * Hub and leaf have JetStream domains of their own, {@code hub} and {@code leaf}. Its limits are
 * nats-server's defaults, written down in the configuration so that they hold for every version: a
 * message has at most 1 MiB; a client that is 64 MiB behind, or takes longer than 10 s to take a
 * write, is closed as a slow consumer; streams take at most 256 MiB of memory and 4 GiB of files.
 * An acknowledged message outlives {@link #kill}; only a crash of the machine could lose it. No
 * password.
 */
public final class NatsServer extends Server {
  private enum Role {
    ALONE("nats", "", ""),
    HUB("nats", "domain: hub", "leafnodes { host: \"127.0.0.1\", port: %d }"),
    LEAF(
        "nats-leaf",
        "domain: leaf",
        "leafnodes { reconnect: 1, remotes: [ { url: \"nats-leaf://127.0.0.1:%d\" } ] }"),
    WEB("nats-web", "", "websocket { host: \"127.0.0.1\", port: %d, no_tls: true }"),
    NODE("nats", "", "cluster { name: gauntlet, listen: \"127.0.0.1:%d\", routes: [ %s ] }");

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

  /** Nodes of a cluster. */
  public static final int NODES = 3;

  private final Role role;
  private final Optional<NatsServer> hub;

  /** Ports at which the nodes of a cluster connect to each other; empty outside of one. */
  private final List<Integer> routes;

  private URI monitorUrl;

  /** For leaf nodes, WebSockets or other nodes; unused if the role has none. */
  private int otherPort;

  /** Whether enough nodes of a cluster are there: before, none has a leader. */
  private boolean quorum;

  private NatsServer(
      Role role, String file, Path folder, Optional<NatsServer> hub, List<Integer> routes) {
    super(file, NatsProgram.of(Host.here()).find(), makeFolder(folder));
    this.role = role;
    this.hub = hub;
    this.routes = routes;
  }

  /**
   * Starts one that is alone; its output is {@code nats.log}, its configuration {@code nats.conf}
   * and its streams {@code nats/} in the folder.
   */
  public static NatsServer start(Path folder) {
    return start(Role.ALONE, folder, Optional.empty());
  }

  /** Like {@link #start}, for {@link #leaf} to connect to. */
  public static NatsServer hub(Path folder) {
    return start(Role.HUB, folder, Optional.empty());
  }

  /**
   * Like {@link #start}, with files named {@code nats-leaf}; ready when it is connected to its hub,
   * to which it reconnects every second.
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

  /**
   * Like {@link #start}, a node of a cluster, with files named {@code nats-2} and so on. The last
   * one is ready when the cluster is.
   *
   * @param earlier nodes of the same cluster that were started
   */
  public static NatsServer node(Path folder, List<NatsServer> earlier) {
    int number = earlier.size() + 1;
    List<Integer> routes = number == 1 ? freePorts(NODES) : earlier.get(0).routes;
    String file = number == 1 ? Role.NODE.file : Role.NODE.file + "-" + number;
    NatsServer node = new NatsServer(Role.NODE, file, folder, Optional.empty(), routes);
    node.quorum = number == NODES;
    node.otherPort = routes.get(number - 1);
    return node.started();
  }

  private static NatsServer start(Role role, Path folder, Optional<NatsServer> hub) {
    return new NatsServer(role, role.file, folder, hub, List.of()).started();
  }

  private NatsServer started() {
    makeFolder(data());
    begin();
    return this;
  }

  /** Once it was ready, it is ready again when it has caught up with the others. */
  @Override
  void ready() {
    quorum = role == Role.NODE;
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
    otherPort = role == Role.NODE ? otherPort : taken.get(2);
    // Unlike that of any other server at this port, so that the probe can tell them apart.
    String serverName = "gauntlet-" + name() + "-" + ProcessHandle.current().pid() + "-" + port;
    Path conf =
        configure(
            data().resolveSibling(name() + ".conf"),
            "nats",
            Map.ofEntries(
                entry("name", serverName),
                entry("port", port),
                entry("monitor", monitorUrl.getPort()),
                // Quoted: a folder may have any character in its name.
                entry("store", TextNode.valueOf(data().toString())),
                entry("domain", role.domain),
                // A role that has no other nodes ignores them.
                entry("links", role.links.formatted(hub.orElse(this).otherPort, others()))));
    URI url = local("nats", port);
    Probe probe = Probe.nats(url, Optional.of(serverName)).and(streams(monitorUrl));
    return new Launch(
        url,
        List.of(program().file().toString(), "-c", conf.toString()),
        pid ->
            switch (role) {
              case LEAF -> probe.and(linked(monitorUrl));
              case NODE -> quorum ? probe.and(current(monitorUrl)) : probe;
              default -> probe;
            });
  }

  private String others() {
    return routes.stream()
        .map(port -> '"' + local("nats-route", port).toString() + '"')
        .collect(Collectors.joining(", "));
  }

  /** Returns the probe whether JetStream answers: after a full disk it may hang, or have ended. */
  private static Probe streams(URI monitorUrl) {
    return Probe.page(
        monitorUrl.resolve("/jsz?streams=true"),
        page -> page.body().contains("\"disabled\": true") ? "JetStream is disabled" : "");
  }

  /** Returns the probe whether a node has a leader and every message that it should have. */
  private static Probe current(URI monitorUrl) {
    return Probe.page(
        monitorUrl.resolve("/healthz"), page -> page.statusCode() == 200 ? "" : page.body());
  }

  /** Returns the probe whether the leaf node of a monitoring address is connected to its hub. */
  static Probe linked(URI monitorUrl) {
    return Probe.page(
        monitorUrl.resolve("/leafz"),
        page -> LINKED.matcher(page.body()).find() ? "" : "it is not connected to its hub");
  }
}

package stack;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A real nats-server with JetStream, alone, or as a hub with leaf nodes: what is published at one
 * is heard at the others. Hub and leaf have JetStream domains of their own, {@code hub} and {@code
 * leaf}. Its limits are those of {@link NatsConf}. An acknowledged message is in the system's hands
 * and outlives {@link #kill}; only a crash of the whole machine could lose it. No password.
 */
public final class NatsServer extends Server {
  /** What a server is to others. */
  private enum Role {
    ALONE("nats"),
    HUB("nats-hub"),
    LEAF("nats-leaf"),
    WEB("nats-web");

    private final String file;

    Role(String file) {
      this.file = file;
    }
  }

  private final Role role;
  private final Optional<NatsServer> hub;
  private final Program program;
  private final Path folder;
  private final Path store;
  private final Ports ports;
  private URI monitorUrl;

  /** For leaf nodes or WebSockets; free if the role has none. */
  private int otherPort;

  private NatsServer(
      Role role, Path folder, Optional<NatsServer> hub, Program program, Ports ports) {
    super(role.file.replace('-', ' '), folder.resolve(role.file + ".log"));
    this.role = role;
    this.hub = hub;
    this.program = program;
    this.folder = folder;
    this.store = makeFolder(folder.resolve(role.file));
    this.ports = ports;
  }

  /**
   * Starts one that is alone; its output is {@code nats.log}, its settings {@code nats.conf} and
   * its streams {@code nats/} in the folder.
   *
   * @param folder is made if it is not there
   * @throws StackFailure if it does not get ready within 30 s; then no process is left
   */
  public static NatsServer start(Path folder) {
    return start(folder, NatsProgram.of(Host.here()), Ports.FREE);
  }

  static NatsServer start(Path folder, NatsProgram program, Ports ports) {
    return start(Role.ALONE, folder, Optional.empty(), program, ports);
  }

  /** Like {@link #start}, with files named {@code nats-hub}, for {@link #leaf} to connect to. */
  public static NatsServer hub(Path folder) {
    return start(Role.HUB, folder, Optional.empty(), NatsProgram.of(Host.here()), Ports.FREE);
  }

  /**
   * Like {@link #start}, with files named {@code nats-leaf}; ready when it is connected to the hub,
   * to which it connects again, every second, whenever it has lost it.
   *
   * @param hub from {@link #hub}
   */
  public static NatsServer leaf(Path folder, NatsServer hub) {
    if (hub.role != Role.HUB) {
      throw new StackFailure("a leaf needs a hub: start that one by NatsServer.hub");
    }
    return start(Role.LEAF, folder, Optional.of(hub), NatsProgram.of(Host.here()), Ports.FREE);
  }

  private static NatsServer start(
      Role role, Path folder, Optional<NatsServer> hub, NatsProgram program, Ports ports) {
    NatsServer server = new NatsServer(role, makeFolder(folder), hub, program.find(), ports);
    server.begin();
    return server;
  }

  /**
   * Like {@link #start}, with files named {@code nats-web}, and with a listener for WebSockets,
   * which speak NATS's protocol inside.
   */
  public static NatsServer web(Path folder) {
    return start(Role.WEB, folder, Optional.empty(), NatsProgram.of(Host.here()), Ports.FREE);
  }

  /** Where WebSockets connect to a server from {@link #web}. */
  public synchronized URI webSocketUrl() {
    return Address.local("ws", otherPort).uri();
  }

  /** Where it answers in JSON: {@code /varz}, {@code /connz}, {@code /jsz}, {@code /leafz}. */
  public synchronized URI monitorUrl() {
    return monitorUrl;
  }

  @Override
  public String version() {
    return program.version();
  }

  @Override
  Path data() {
    return store;
  }

  @Override
  Launch plan() {
    List<Integer> taken = ports.take(3);
    Address clients = Address.local("nats", taken.get(0));
    Address monitor = Address.local("http", taken.get(1));
    // Unlike any other at this port, so that the probe knows it.
    String serverName =
        "gauntlet-" + role.file + "-" + ProcessHandle.current().pid() + "-" + clients.port();
    NatsConf conf = new NatsConf(serverName, clients.port(), monitor.port(), store);
    otherPort = taken.get(2);
    monitorUrl = monitor.uri();
    write(
        switch (role) {
          case ALONE -> conf.alone();
          case HUB -> conf.hub(otherPort);
          case LEAF -> conf.leaf(hub.orElseThrow().otherPort);
          case WEB -> conf.web(otherPort);
        });
    Probe probe = new NatsProbe(clients, Optional.of(serverName));
    List<String> command = List.of(program.file().toString(), "-c", confFile().toString());
    return new Launch(
        clients.uri(),
        command,
        pid -> role == Role.LEAF ? probe.and(new LeafProbe(monitorUrl)) : probe);
  }

  private Path confFile() {
    return folder.resolve(role.file + ".conf");
  }

  private void write(String conf) {
    try {
      Files.writeString(confFile(), conf);
    } catch (IOException e) {
      throw new StackFailure("cannot write " + confFile() + ": " + e.getMessage(), e);
    }
  }
}

package gauntlet;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import settings.BadSettings;
import settings.Option;
import settings.Setting;
import stack.NatsServer;
import stack.PostgresServer;
import stack.RedisServer;
import stack.Server;
import targets.shared.Service;
import targets.shared.TargetSpec;

/** {@code up}: every target with the servers that it needs, until the process is stopped. */
@Command(
    name = "up",
    description = {
      "Runs every target on its default port until it is stopped by Ctrl-C or SIGTERM.",
      "Redis, NATS and PostgreSQL are started too, on free ports, unless their addresses are given;"
          + " their data goes with them."
    })
final class UpCommand implements Callable<Integer> {
  /** A command that shows what a target does; {@code URL} stands for its address. */
  private static final Map<String, String> EXAMPLES =
      Map.of(
          "llm",
              "curl -N URL/v1/chat/completions -d '{\"model\": \"m\", \"stream\": true,"
                  + " \"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}'",
          "proxy", "curl -N 'URL/sse?client_id=1'",
          "relay-adapter", "curl -N URL/stream/1",
          "ticker", "wscat -c \"ws://HOST/ws?token=$(java -jar target/gauntlet.jar token)\"",
          "bids",
              "curl -X PUT URL/api/v1/items/1; curl URL/api/v1/items/1/bid -H 'Content-Type:"
                  + " application/json' -d '{\"user_id\": \"anna\", \"amount\": 10.50}'",
          "broadcast", "wscat -c ws://HOST/ws/items/1",
          "events", "curl -N 'URL/sse?delay=1'");

  private record Servers(
      @Option(like = "redis://127.0.0.1:6379", help = "a Redis of your own") Optional<URI> redis,
      @Option(like = "nats://127.0.0.1:4222", help = "a NATS with JetStream of your own")
          Optional<URI> nats,
      @Option(help = "a PostgreSQL of your own, such as jdbc:postgresql://127.0.0.1:5432/bids")
          Optional<String> postgres,
      @Option(value = "false", help = "every target on a free port instead of its own")
          boolean freePorts) {}

  private final Deque<Runnable> running = new ConcurrentLinkedDeque<>();
  private final List<String> lines = new ArrayList<>();
  private CommandSpec spec;

  @Spec
  void declare(CommandSpec own) {
    spec = own;
    SettingOptions.add(spec, Setting.of(Servers.class));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Servers servers = SettingOptions.reader(spec, Setting.of(Servers.class)).finish(Servers.class);
    CountDownLatch stopped = Targets.drainedBy(this::stop);
    Path folder = Files.createTempDirectory("gauntlet-up");
    Map<String, String> values = new HashMap<>();
    values.put("redis", url("redis", servers.redis, () -> RedisServer.start(folder)));
    values.put("nats", url("nats", servers.nats, () -> NatsServer.start(folder)));
    values.put("postgres", url("postgres", servers.postgres, () -> PostgresServer.start(folder)));
    out.println("Logs of Redis, NATS and PostgreSQL are in " + folder + ".");
    if (servers.freePorts) {
      values.put("port", "0");
    }
    for (TargetSpec target : Targets.ALL) {
      Service started = start(target, values);
      // The last one started is the first one drained: clients before what they depend on.
      running.push(started::close);
      String host = "127.0.0.1:" + started.port();
      if (target.name().equals("llm")) {
        values.put("upstream", "http://" + host);
      }
      String example = EXAMPLES.getOrDefault(target.name(), "curl URL/metrics");
      lines.add(
          line(
              target.name(),
              "http://" + host,
              example.replace("URL", "http://" + host).replace("HOST", host)));
    }
    lines.add("Ctrl-C stops all of them.");
    lines.forEach(out::println);
    stopped.await();
    return ExitCode.OK;
  }

  /** Starts a target; the option of its port is one of {@code serve}. */
  private static Service start(TargetSpec target, Map<String, String> values) {
    try {
      return target.start(values);
    } catch (BadSettings e) {
      if (!e.getMessage().startsWith("--port")) {
        throw e;
      }
      String remedy = "; with --free-ports each target has a free one";
      throw new BadSettings(List.of("serve " + target.name() + " " + e.getMessage() + remedy));
    }
  }

  /** Returns the user's own address of a server, which is not shown, or starts one. */
  private String url(String name, Optional<?> own, Supplier<Server> start) {
    if (own.isPresent()) {
      return own.get().toString();
    }
    Server server = start.get();
    running.push(server::close);
    lines.add(line(name, server.url().toString(), ""));
    return server.url().toString();
  }

  private void stop() {
    running.forEach(Runnable::run);
  }

  private static String line(String name, String address, String example) {
    return String.format(Locale.ROOT, "%-16s  %-24s  %s", name, address, example).stripTrailing();
  }
}

package simulations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import faults.Direction;
import faults.Reset;
import faults.TcpLink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stack.TargetProcess;
import testing.Await;
import testing.ScriptedServer;
import testing.SimulationRun;
import testing.SimulationRun.Ended;
import testing.SimulationRun.Started;

/** A service that the run did not start is struck through a Toxiproxy and the docker program. */
class OutsideFaultsIT {
  private static final String PLAN =
      """
      faults = [
        { at = 2s, for = 2s, whom = users-events, what = reset, direction = down }
        { at = 2s, for = 2s, whom = web, what = pause }
      ]
      """;

  /** Records what it is to do; every container runs. */
  private static final String DOCKER =
      """
      #!/bin/sh
      if [ "$1" = inspect ]; then echo running; else echo "$1 $2" >>"$(dirname "$0")/did"; fi
      """;

  @TempDir private Path folder;

  @Test
  void a_plan_strikes_and_heals_what_runs_elsewhere() throws Exception {
    try (TargetProcess events = Served.start(folder, "events");
        Toxiproxy toxiproxy = new Toxiproxy(events)) {
      Ended run = run(toxiproxy).await();
      assertThat(run.checks("PASS"))
          .as(run.output())
          .contains("faults_struck", "service_recovered", "clients_back", "no_event_lost");
      assertThat(run.counter("clients_reconnects")).isPositive();
      assertThat(toxiproxy.log)
          .containsExactly(
              "GET  ",
              "POST /toxics gauntlet_reset_peer_downstream",
              "POST  enabled",
              "GET /toxics ",
              "DELETE /toxics/gauntlet_reset_peer_downstream ");
      assertThat(did()).containsExactly("pause web", "unpause web");
    }
  }

  @Test
  void a_killed_run_heals_what_runs_elsewhere() throws Exception {
    try (TargetProcess events = Served.start(folder, "events");
        Toxiproxy toxiproxy = new Toxiproxy(events)) {
      Started run = run(toxiproxy);
      Await.until(() -> !toxiproxy.toxics.isEmpty() && Files.exists(folder.resolve("did")));
      run.process().destroyForcibly();
      Ended ended = run.await();
      Await.until(() -> toxiproxy.toxics.isEmpty() && did().contains("unpause web"));
      assertThat(ended.leftBehind()).isEmpty();
    }
  }

  private Started run(Toxiproxy toxiproxy) throws IOException {
    Path plan = Files.writeString(folder.resolve("plan.conf"), PLAN);
    Path docker = Files.writeString(folder.resolve("docker"), DOCKER);
    assertThat(docker.toFile().setExecutable(true)).isTrue();
    return SimulationRun.smoke("Resilience")
        .with("system=events;warmup=0s;clients=10;hold=10s;docker.containers=web")
        .with("plan", plan.toString())
        .with("events.url", "http://127.0.0.1:" + toxiproxy.link.address().getPort())
        .with("toxiproxy.url", toxiproxy.url())
        .with("toxiproxy.proxies", "users-events")
        .wrappedBy("/usr/bin/env", "PATH=" + folder + ":" + System.getenv("PATH"))
        .start();
  }

  private List<String> did() throws IOException {
    return Files.readAllLines(folder.resolve("did"));
  }

  /** Speaks the API of a Toxiproxy of one proxy, which is a link. */
  private static final class Toxiproxy implements AutoCloseable {
    private static final String PROXY = "/proxies/users-events";

    private final Map<String, Reset> toxics = new ConcurrentHashMap<>();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final TcpLink link;
    private final ScriptedServer server = new ScriptedServer(this::answer);

    Toxiproxy(TargetProcess service) {
      link =
          new TcpLink(
              "toxiproxy",
              new InetSocketAddress(InetAddress.getLoopbackAddress(), service.url().getPort()),
              1,
              System::nanoTime);
    }

    String url() {
      return server.url();
    }

    private void answer(String request, ScriptedServer.Wire wire) throws IOException {
      String method = request.split(" ", 2)[0];
      String path = request.split(" ", 3)[1].substring(PROXY.length());
      JsonNode body = new ObjectMapper().readTree(request.substring(request.indexOf("\r\n\r\n")));
      String name = body.path("name").asText(body.path("enabled").asBoolean() ? "enabled" : "");
      log.add(method + " " + path + " " + name);
      if (method.equals("POST") && path.equals("/toxics")) {
        assertThat(body.path("type").asText()).isEqualTo("reset_peer");
        assertThat(body.path("stream").asText()).isEqualTo("downstream");
        toxics.put(name, new Reset(Direction.DOWN));
        link.strike(toxics.get(name));
      } else if (method.equals("DELETE")) {
        link.heal(toxics.remove(path.replaceFirst(".*/", "")));
      }
      wire.sendWhole("" + toxics.keySet().stream().map("{\"name\":\"%s\"}"::formatted).toList());
    }

    @Override
    public void close() throws IOException {
      server.close();
      link.close();
    }
  }
}

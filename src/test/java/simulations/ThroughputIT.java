package simulations;

import static java.lang.ProcessBuilder.Redirect.DISCARD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import testing.NodeProgram;
import testing.SimulationRun.Ended;

/** The throughput of the event server as a user measures it: smoke profile, real exit codes. */
class ThroughputIT {
  @Test
  void a_server_of_somebody_elses_is_judged_by_what_it_sends() throws Exception {
    String script =
        """
        import http from 'node:http';
        http.createServer((request, response) => {
          let n = 0;
          const tick = () =>
            response.write(`event: tick\\nid: ${Date.now()}-${++n}\\ndata: {"price": ${n}}\\n\\n`);
          response.writeHead(200, { 'Content-Type': 'text/event-stream' });
          const timer = setInterval(tick, 20);
          response.on('close', () => clearInterval(timer));
        }).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
        """;
    try (NodeProgram server = NodeProgram.start(script)) {
      String options = "clients=40;count=3;events.url=http://127.0.0.1:" + server.next() + "/feed";
      Ended run = DefectsIT.planted("Throughput", options).run();
      run.assertKept("streams_accounted", "streams_sound");
      assertThat(run.json("kpi.json").at("/figures/success_rate/value").asDouble()).isEqualTo(100);
      assertThat(run.checks("NOT_EVALUATED"))
          .contains("no_event_lost", "resume_lossless", "loop_stalls", "gap_p99")
          .contains("stage_many_events_per_s");
    }
  }

  /** All of the run is in a network namespace where packets are late and some are lost. */
  @Test
  void a_bad_network_costs_time_and_no_event() throws Exception {
    String netem = "ip link set lo up && tc qdisc add dev lo root netem delay 10ms 2ms loss 1%";
    String[] own = {"unshare", "-n", "sh", "-c", netem + " && exec \"$@\"", "sh"};
    assumeTrue(
        isFine(own, "true"), "skipped: netem takes Linux, root, unshare, iproute2 and sch_netem");
    Ended run = DefectsIT.planted("Throughput", "timeout=10s").wrappedBy(own).run();
    run.assertKept("no_event_lost", "events_in_order", "resume_lossless");
    double fastestMs = run.json("kpi.json").at("/kpis/connect/min").asDouble();
    assertThat(fastestMs).as("a request and its answer, each 10 ms late").isGreaterThan(15);
  }

  private static boolean isFine(String[] words, String last) throws InterruptedException {
    try {
      List<String> all = Stream.concat(Stream.of(words), Stream.of(last)).toList();
      return new ProcessBuilder(all).redirectError(DISCARD).start().waitFor() == 0;
    } catch (IOException e) {
      return false; // No unshare here.
    }
  }
}

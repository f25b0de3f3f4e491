package simulations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import testing.NeedsMachine;
import testing.NodeProgram;
import testing.SimulationRun;
import testing.SimulationRun.Ended;

/** The throughput of the event server as a user measures it: smoke profile, real exit codes. */
class ThroughputIT {
  @NeedsMachine
  @Test
  void the_smoke_run_is_green_and_every_event_is_accounted_for() throws Exception {
    Ended run = SimulationRun.smoke("Throughput").runUntilValid();

    run.assertGreen("no_event_lost", "resume_lossless", "loop_stalls", "full_speed_limit");
    assertThat(run.counter("resumes")).isGreaterThan(50);
    var single = run.json("kpi.json").at("/figures/stage_single.events_per_s/value");
    assertThat(single.asDouble()).isPositive();
  }

  /** One of them by HTTP/2, for streams that resume use all of its frames. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "events.defect=ignore-last-event-id+block-loop-15ms, 'no_event_duplicated,loop_stalls'",
    "http2=true;events.defect=off-by-one-resume, no_event_lost",
  })
  void defects_fail_invariants(String options, String checks) throws Exception {
    DefectsIT.planted("Throughput", options).run().assertCaught("resume_lossless," + checks);
  }

  @NeedsMachine
  @Test
  void a_server_of_somebody_elses_passes_by_its_address() throws Exception {
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
      Ended run = DefectsIT.planted("Throughput", options).runUntilValid();
      run.assertGreen("success_rate", "ttft_p99", "full_speed_limit");
      assertThat(run.checks("NOT_EVALUATED"))
          .contains("no_event_lost", "resume_lossless", "loop_stalls", "gap_p99")
          .contains("stage_many_events_per_s");
    }
  }
}

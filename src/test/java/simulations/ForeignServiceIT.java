package simulations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import testing.ForeignSockets;
import testing.NeedsMachine;
import testing.SimulationRun;
import testing.SimulationRun.Ended;

/** A service of the user's own: a perfect one passes by its address, a broken one fails by name. */
@NeedsMachine
class ForeignServiceIT {
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "ORIGINAL, delivery_lag_p99 no_broadcast_lost, ''",
    "OPERATIONS, machine_quiet, 'ws.ping={\"op\":\"ping\",\"id\":#{id}} ws.pong=/id ws.seq=/n"
        + " ws.seq-per=connection ws.feed=/channel ws.sent=/ts auth.token=s3cret"
        + " auth.as=?key=#{token}'",
  })
  void a_perfect_websocket_service_passes(
      ForeignSockets.Kind kind, String unchecked, String options) throws Exception {
    Ended run = sockets(kind, options);
    run.assertGreen("sockets_survived", "pings_answered", "rtt_mean", "success_rate");
    assertThat(run.checks("NOT_EVALUATED")).contains(unchecked.split(" "));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @Tag("defects")
  @CsvSource({
    "ECHO, delivery_lag_p99 no_broadcast_lost, 'ws.ping=hello,#{id} ws.pong=text'",
    "ECHO, delivery_lag_p99 no_broadcast_lost, ws.ping=frame",
  })
  void so_does_an_echo(ForeignSockets.Kind kind, String unchecked, String options)
      throws Exception {
    a_perfect_websocket_service_passes(kind, unchecked, options);
  }

  @ParameterizedTest(name = "{0} turns {1} red")
  @Tag("defects")
  @CsvSource({
    "CLOSES_NINE_OF_TEN, sockets_survived, closed by 1008 (policy violation)",
    "DROPS_PONGS,        pings_answered,   pings got no pong",
  })
  void a_broken_websocket_service_fails(ForeignSockets.Kind kind, String check, String reason)
      throws Exception {
    Ended run = sockets(kind, "");
    run.assertJudged("FAIL", 2).assertCaught(check);
    assertThat(run.output()).contains(reason);
  }

  /**
   * Loads a service.
   *
   * @param options such as {@code ws.pong=/id ws.seq=/n}
   */
  private static Ended sockets(ForeignSockets.Kind kind, String options) throws Exception {
    try (ForeignSockets service = new ForeignSockets(kind)) {
      SimulationRun run = SimulationRun.smoke("PingPong").with("ws.url", service.url().toString());
      for (String option : options.isEmpty() ? new String[0] : options.split(" ", -1)) {
        String[] words = option.split("=", 2);
        run.with(words[0], words[1]);
      }
      return run.runUntilValid();
    }
  }
}

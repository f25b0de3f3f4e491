package simulations;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stack.NatsServer;
import stack.RedisServer;
import stack.TargetProcess;
import testing.SimulationRun;
import testing.SimulationRun.Ended;
import testing.SimulationRun.Started;

/** The contended bids as a user runs them: smoke profile, real servers, real exit codes. */
class ContendedBidsIT {
  @TempDir Path folder;

  @Test
  void an_auction_of_the_users_own_stands_still_and_what_was_not_checked_is_named()
      throws Exception {
    try (RedisServer redis = RedisServer.start(folder);
        NatsServer nats = NatsServer.start(folder);
        TargetProcess bids = Served.bids(folder, redis, nats)) {
      Started started =
          SimulationRun.smoke("ContendedBids")
              .with("host", bids.url().toString())
              .with("item", "clock")
              .with("warmup", "0s")
              .with("run-time", "7s")
              .start();
      started.awaitLine(" hold ");
      bids.pause();
      LockSupport.parkNanos(2_000_000_000);
      bids.resume();
      Ended run = started.await();
      assertThat(run.json("kpi.json").at("/figures/good_seconds/value").asDouble()).isLessThan(95);
      assertThat(run.json("seconds.json").findValuesAsText("what"))
          .anyMatch(
              what -> what.matches("bid_\\w+: \\d+ of \\d+ took longer than 1,000 ms, up to .*"));
      assertThat(run.json("kpi.json").at("/kpis/bid_due/p99").asDouble()).isGreaterThan(1_000);
      assertThat(run.outcome("bids_linearizable")).as(run.output()).isEqualTo("PASS");
      assertThat(run.outcome("final_price_true")).isEqualTo("PASS");
      assertThat(run.counter("bids_accepted")).isPositive();
      assertThat(run.checks("NOT_EVALUATED"))
          .contains("archive_exact", "stream_exact", "broadcast_exact");
    }
  }
}

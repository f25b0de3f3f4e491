package targets.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stack.TargetProcess;
import targets.relay.Servers.Running;
import targets.relay.adapter.AdapterServer;
import targets.relay.bridge.BridgeServer;
import targets.relay.message.Guarantee;

/** Each process of the relay is killed while tokens flow, or is away at the start. */
@Timeout(120)
class RelayFailureIT {
  @RegisterExtension static final Servers servers = new Servers();
  private static volatile TargetProcess bridge;
  private static volatile TargetProcess adapter;

  @BeforeAll
  static void start() {
    bridge = servers.bridgeProcess(Guarantee.DURABLE).awaitReady();
    adapter = servers.adapterProcess(Guarantee.DURABLE).awaitReady();
  }

  @ParameterizedTest
  @ValueSource(strings = {"redis", "nats", "bridge", "adapter"})
  void durable_loses_and_repeats_nothing_when_a_process_is_killed(String victim) {
    servers.assertEveryTokenArrivesOnce(victim, () -> adapter.url(), () -> killAndReplace(victim));
    Servers.await(adapter.url(), "tokens_missing", 0);
  }

  private static void killAndReplace(String victim) {
    switch (victim) {
      case "redis" -> Servers.killAndRestart(servers.redis());
      case "nats" -> Servers.killAndRestart(servers.nats());
      case "bridge" -> {
        bridge.kill();
        bridge = servers.bridgeProcess(Guarantee.DURABLE).awaitReady();
      }
      default -> {
        adapter.kill();
        adapter = servers.adapterProcess(Guarantee.DURABLE).awaitReady();
      }
    }
  }

  @Test
  void core_is_not_ready_while_a_server_is_away_and_comes_back_by_itself() throws IOException {
    servers.nats().kill();
    servers.redis().kill();
    try (Running late = servers.startUnready(AdapterServer.SPEC, Guarantee.CORE);
        Running lateBridge = servers.startUnready(BridgeServer.SPEC, Guarantee.CORE)) {
      assertThat(Servers.unready(lateBridge.url())).contains("Redis", "NATS");
      assertThat(Servers.unready(late.url())).contains("NATS");
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> Sse.open(late.url(), "early", 0))
          .withMessageContaining("503");
      servers.nats().restart();
      servers.redis().restart();
      Servers.awaitReady(late.url());
      Servers.awaitReady(lateBridge.url());
      servers.nats().kill();
      Servers.await(late.url(), "nats_losses", 1);
      servers.nats().restart();
      Servers.awaitReady(late.url());
    }
    Servers.awaitReady(adapter.url());
    Servers.awaitReady(bridge.url());
  }
}

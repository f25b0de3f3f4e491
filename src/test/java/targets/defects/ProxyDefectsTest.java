package targets.defects;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import targets.proxy.RunningProxy;
import testing.ScriptedServer.Script;

/** What a simulation with a defect of the proxy does not show by its red check. */
@Timeout(30)
final class ProxyDefectsTest {
  @Test
  void unterminated_done_spoils_the_very_last_newline_only() throws Exception {
    Script script = (request, wire) -> wire.sendStream("data: a\n\n", "data: [DONE]\n\n");
    try (RunningProxy proxy =
        RunningProxy.before(ProxyDefects.SPEC, script, "defect=unterminated-done")) {
      assertThat(proxy.get("/sse?client_id=1").body()).isEqualTo("data: a\n\ndata: [DONE]\n ");
      proxy.awaitCounters("proxied_messages_completed=2");
    }
  }

  @Test
  void late_makes_every_piece_late() throws Exception {
    assertThat(RunningProxy.msOfTwentyEvents(ProxyDefects.SPEC, "defect=late=20ms"))
        .isGreaterThanOrEqualTo(400);
  }
}

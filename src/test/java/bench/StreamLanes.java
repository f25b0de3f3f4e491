package bench;

import io.netty.handler.codec.http.HttpMethod;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import stack.Peer;
import stack.TargetProcess;

/** Lanes of token streams, all from the same llm. */
final class StreamLanes {
  static final String DIRECT = "direct";
  static final String GAUNTLET = "gauntlet";

  private static final double NS_PER_MS = 1e6;
  private static final String HEAP = "128m";
  private static final String BODY =
      "{\"model\":\"bench\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Tell a"
          + " long story.\"}]}";

  private final Stage stage;
  private final int streams;
  private final Duration rampup;
  private final String most;
  private final URI llm;

  /** Starts llm for so many streams, which open over a time. */
  StreamLanes(Stage stage, int streams, Duration rampup) {
    this.stage = stage;
    this.streams = streams;
    this.rampup = rampup;
    this.most = Integer.toString(2 * streams + 100);
    this.llm = stage.target("llm", HEAP, "--max-streams", most).url();
  }

  /** Starts a lane: directly, through Gauntlet's proxy, or through the peer of that name. */
  Lane start(String name) {
    if (name.equals(DIRECT)) {
      return lane(name, Map.of(), llm);
    }
    if (name.equals(GAUNTLET)) {
      TargetProcess proxy =
          stage.target(
              "proxy", HEAP, "--upstream", llm.toString(), "--threads", "1", "--max-streams", most);
      return lane(name, Map.of(name, proxy.pid()), proxy.url());
    }
    Peer.Kind kind = Peer.Kind.of(name).orElseThrow();
    Peer peer = stage.own(Peer.proxy(kind, llm, streams, stage.folder()), Peer::close);
    return lane(name, Map.of(name, peer.pid()), peer.url());
  }

  private Lane lane(String name, Map<String, Long> pids, URI url) {
    return new Lane(
        name,
        Plan.Kind.PACED,
        name,
        pids,
        Optional.empty(),
        Lane.Sender.NONE,
        load ->
            new Receivers(url, load, rampup.dividedBy(streams))
                .streams(receiver -> Lanes.request(HttpMethod.POST, url, path(load.plan()), BODY)));
  }

  private static String path(Plan plan) {
    return "/v1/chat/completions?tokens=%d&duration_ms=%.0f&first_token_ms=0&jitter_ms=0"
        .formatted(plan.messages(), plan.publishNs(plan.messages()) / NS_PER_MS);
  }
}

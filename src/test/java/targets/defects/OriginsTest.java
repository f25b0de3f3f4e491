package targets.defects;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import targets.auction.archive.ArchiveServer;
import targets.auction.bid.BidServer;
import targets.auction.broadcast.BroadcastServer;
import targets.events.EventsServer;
import targets.llm.LlmServer;
import targets.llm.RunningLlm;
import targets.proxy.ProxyServer;
import targets.relay.adapter.AdapterServer;
import targets.relay.bridge.BridgeServer;
import targets.shared.RunningTarget;
import targets.shared.TargetSpec;
import targets.ticker.PublisherServer;
import targets.ticker.RunningTicker;
import targets.ticker.TickerServer;
import testing.RawWebSocket;

/** Pages of other origins as clients of the targets. */
class OriginsTest {
  private static final String PAGE = "http://page.test:3000";
  private static final String OTHER = "http://other.test";
  private static final String ALLOWED = "Access-Control-Allow-Origin";

  static Stream<TargetSpec> targets() {
    return Stream.of(
        LlmServer.SPEC,
        ProxyServer.SPEC,
        BridgeServer.SPEC,
        AdapterServer.SPEC,
        TickerServer.SPEC,
        PublisherServer.SPEC,
        BroadcastServer.SPEC,
        ArchiveServer.SPEC,
        BidServer.SPEC,
        EventsServer.SPEC);
  }

  @ParameterizedTest
  @MethodSource("targets")
  void only_pages_of_allowed_origins_read_an_answer(TargetSpec spec) {
    try (RunningTarget target =
        new RunningTarget(spec, "drain=0s", "allow-origin=" + PAGE + ",http://a.test")) {
      assertThat(from(PAGE, target.request("/metrics"))).contains(PAGE);
      HttpRequest.Builder preflight =
          target
              .request("/metrics")
              .method("OPTIONS", BodyPublishers.ofString(""))
              .header("Access-Control-Request-Method", "POST")
              .header("Access-Control-Request-Headers", "content-type");
      assertThat(from(PAGE, preflight)).contains(PAGE);
      assertThat(from(OTHER, target.request("/metrics"))).isEmpty();
      assertThat(target.get("/metrics").statusCode()).isEqualTo(200);
    }
    try (RunningTarget closed = new RunningTarget(spec, "drain=0s")) {
      assertThat(from(PAGE, closed.request("/metrics"))).isEmpty();
    }
  }

  @Test
  void a_stream_has_the_header_too_also_through_the_proxy() {
    try (RunningLlm llm = new RunningLlm(LlmServer.SPEC, "allow-origin=*");
        RunningTarget proxy =
            new RunningTarget(ProxyServer.SPEC, "allow-origin=" + PAGE, "upstream=" + llm.url())) {
      for (RunningTarget target : List.of(llm, proxy)) {
        HttpRequest.Builder prompt =
            target.request("/v1/chat/completions").POST(BodyPublishers.ofString(RunningLlm.STREAM));
        assertThat(from(PAGE, prompt)).isPresent();
      }
      HttpRequest.Builder foreign = proxy.request("/sse?client_id=1").header("Origin", OTHER);
      assertThat(RunningTarget.send(foreign).statusCode()).isEqualTo(403);
    }
  }

  @Test
  void a_page_of_another_origin_opens_no_socket() throws IOException {
    try (RunningTicker ticker = RunningTicker.with("allow-origin=" + PAGE)) {
      assertThat(upgrade(ticker, PAGE)).startsWith("HTTP/1.1 101 ");
      assertThat(upgrade(ticker, OTHER)).startsWith("HTTP/1.1 403 ");
    }
  }

  private static String upgrade(RunningTicker ticker, String origin) throws IOException {
    try (RawWebSocket client = RawWebSocket.open(ticker.port())) {
      return client.upgrade(RunningTicker.token("user-1"), "Origin: " + origin + "\r\n");
    }
  }

  private static Optional<String> from(String origin, HttpRequest.Builder request) {
    HttpResponse<String> answer = RunningTarget.send(request.header("Origin", origin));
    return answer.headers().firstValue(ALLOWED);
  }
}

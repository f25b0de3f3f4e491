package targets.defects;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import stack.TargetProcess;
import targets.auction.bid.BidServer;
import targets.auction.broadcast.BroadcastServer;
import targets.llm.LlmServer;
import targets.llm.RunningLlm;
import targets.proxy.ProxyServer;
import targets.relay.Servers;
import targets.relay.message.Guarantee;
import targets.shared.RunningTarget;
import targets.ticker.RunningTicker;
import targets.ticker.TickerServer;
import testing.Browser;
import testing.NodeProgram;
import testing.Script;

/** Pages in a headless Chromium, and npm's EventSource, as clients of the targets. */
@Timeout(120)
class PagesIT {
  private static final String ANY_ORIGIN = "allow-origin=*";
  private static final int TOKENS = 200;

  @RegisterExtension static final Servers servers = new Servers();

  /** Clients that resume by themselves. */
  enum Resuming {
    CHROMIUM,
    NPM
  }

  @ParameterizedTest
  @EnumSource(Resuming.class)
  void an_event_source_gets_every_token_in_order_though_the_adapter_is_killed(Resuming client)
      throws Exception {
    TargetProcess bridge = servers.bridgeProcess(Guarantee.DURABLE).awaitReady();
    TargetProcess adapter = servers.adapterProcess(Guarantee.DURABLE, ANY_ORIGIN).awaitReady();
    URI url = adapter.url();
    String id = "page-" + client;
    String script =
        """
        const source = new EventSource('%s/stream/%s');
        source.addEventListener('token', event => {
          const token = JSON.parse(event.data);
          if (token.done) { source.close(); }
          report(token.sequence);
        });
        """
            .formatted(url, id);
    try (Script reports = open(client, script)) {
      Servers.await(url, "active_connections", 1);
      Future<?> published =
          CompletableFuture.runAsync(
              () ->
                  servers
                      .producer(Guarantee.DURABLE)
                      .publishAll(id, 1, TOKENS, TOKENS, 10_000_000));
      Servers.await(url, "messages_delivered", now -> now > TOKENS / 4);
      adapter.kill();
      adapter.restart(); // On the same port.
      published.get();
      long[] sequences = new long[TOKENS];
      for (int i = 0; i < TOKENS; i++) {
        sequences[i] = Long.parseLong(reports.next());
      }
      assertThat(sequences).isEqualTo(LongStream.rangeClosed(1, TOKENS).toArray());
    } finally {
      adapter.close();
      bridge.close();
    }
  }

  @Test
  void a_page_reads_a_stream_through_the_proxy_to_its_end() throws Exception {
    try (RunningLlm llm = new RunningLlm(LlmServer.SPEC, "tokens=20", "duration=100ms");
        RunningTarget proxy =
            new RunningTarget(ProxyServer.SPEC, "upstream=" + llm.url(), ANY_ORIGIN);
        Browser browser =
            Browser.open(
                """
                let events = 0;
                const source = new EventSource('%s/sse?client_id=page');
                source.onmessage = event => {
                  if (event.data != '[DONE]') { return events++; }
                  source.close();
                  report(events);
                };
                source.onerror = () => report('lost');
                """
                    .formatted(proxy.url()))) {
      assertThat(browser.next()).isEqualTo("21"); // The end is a chunk too.
    }
  }

  @Test
  void a_page_opens_the_socket_of_a_ticker_that_allows_its_origin_and_of_no_other()
      throws Exception {
    try (RunningTicker open =
            RunningTicker.on(servers.nats().url(), TickerServer.SPEC, ANY_ORIGIN);
        RunningTicker closed = RunningTicker.with("allow-origin=http://page.example");
        Browser browser =
            Browser.open(
                """
                const other = new WebSocket('ws://127.0.0.1:%s/ws?token=%s');
                other.onopen = () => report('open');
                other.onerror = () => {
                  report('refused');
                  const socket = new WebSocket('ws://127.0.0.1:%s/ws?token=%s');
                  socket.onopen = () => socket.send(JSON.stringify({type: 'ping', timestamp: 7}));
                  socket.onmessage = event => {
                    const message = JSON.parse(event.data);
                    if (message.type == 'pong') { report(message.originalTimestamp); }
                  };
                };
                """
                    .formatted(closed.port(), token(), open.port(), token()))) {
      assertThat(browser.next()).isEqualTo("refused");
      assertThat(browser.next()).isEqualTo("7");
    }
  }

  @Test
  void a_page_bids_and_sees_its_bid_at_the_broadcast_service() throws Exception {
    String nats = "nats=" + servers.nats().url();
    RunningTarget bids =
        servers.inProcess(
            BidServer.SPEC, List.of(nats, "redis=" + servers.redis().url(), ANY_ORIGIN));
    RunningTarget broadcast = servers.inProcess(BroadcastServer.SPEC, List.of(nats, ANY_ORIGIN));
    bids.awaitHealth(200);
    broadcast.awaitHealth(200);
    HttpRequest.Builder item = bids.request("/api/v1/items/vase").PUT(BodyPublishers.ofString(""));
    assertThat(RunningTarget.send(item).statusCode()).isEqualTo(201);
    try (Browser browser =
        Browser.open(
            """
            const socket = new WebSocket('ws://127.0.0.1:%s/ws/items/vase');
            socket.onmessage = event => {
              const message = JSON.parse(event.data);
              if (message.type == 'state') {
                fetch('%s/api/v1/items/vase/bid', {
                  method: 'POST',
                  headers: {'Content-Type': 'application/json'},
                  body: JSON.stringify({user_id: 'page', amount: 12.34})
                }).then(answer => report(answer.status));
              } else if (message.amount) {
                report(message.user_id + ' ' + message.amount);
              }
            };
            """
                .formatted(broadcast.port(), bids.url()))) {
      assertThat(browser.next(2)).containsExactlyInAnyOrder("201", "page 12.34");
    }
  }

  private static String token() {
    return RunningTicker.token("user-1");
  }

  private static Script open(Resuming client, String script)
      throws IOException, InterruptedException {
    String imports = "import {EventSource} from 'eventsource';\nconst report = console.log;\n";
    return client == Resuming.CHROMIUM
        ? Browser.open(script)
        : NodeProgram.start(imports + script, "eventsource@3.0.7");
  }
}

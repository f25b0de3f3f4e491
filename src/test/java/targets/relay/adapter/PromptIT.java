package targets.relay.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import targets.relay.Servers;
import targets.relay.Servers.Running;
import targets.relay.message.Guarantee;
import targets.shared.RunningTarget;
import targets.shared.TargetSpec;
import testing.RawClient;

/** Chats whose prompt cannot be published, or whose subscription is not confirmed. */
@Timeout(90)
class PromptIT {
  private static final String CHAT =
      "POST /chat HTTP/1.1\r\nHost: a\r\nContent-Length: 15\r\n\r\n{\"message\":\"m\"}";

  @RegisterExtension static final Servers servers = new Servers();

  private final CompletableFuture<Runnable> greeting = new CompletableFuture<>();

  @Test
  void a_chat_is_refused_if_nats_drops_before_its_prompt_is_published() throws IOException {
    try (Running adapter = adapter("first-token", "1h");
        RawClient client = new RawClient(adapter.url().getPort())) {
      client.send(CHAT);
      Runnable greet = greeting.join();
      servers.nats().kill();
      Servers.await(adapter.url(), "nats_losses", 1);
      greet.run();
      assertThat(client.response()).startsWith("HTTP/1.1 503").contains("NATS is away");
      assertThat(active(adapter)).isZero();
      servers.nats().restart();
      Servers.awaitReady(adapter.url());
    }
  }

  @Test
  void a_chat_whose_subscription_is_never_confirmed_is_refused_in_time() throws IOException {
    try (Running adapter = adapter("first-token", "300ms");
        RawClient client = new RawClient(adapter.url().getPort())) {
      client.send(CHAT);
      assertThat(client.response()).startsWith("HTTP/1.1 503").contains("in 300 ms");
      assertThat(active(adapter)).isZero();
    }
  }

  @Test
  void a_prompt_that_nats_does_not_take_is_refused() {
    try (Running adapter = servers.start(AdapterServer.SPEC, Guarantee.CORE)) {
      String body = "{\"message\":\"" + "m".repeat((1 << 20) - 20) + "\"}";
      var request =
          HttpRequest.newBuilder(adapter.url().resolve("/chat"))
              .POST(BodyPublishers.ofString(body));
      assertThat(RunningTarget.send(request).statusCode()).isEqualTo(413);
      assertThat(active(adapter)).isZero();
    }
  }

  /** Starts an adapter that greets when the test says so, and never subscribes. */
  private Running adapter(String... options) {
    AdapterServer.Seam late =
        new AdapterServer.Seam() {
          @Override
          public void begin(EventLoop loop, Runnable greet, Runnable subscribe) {
            greeting.complete(() -> loop.execute(greet));
          }
        };
    TargetSpec spec =
        new TargetSpec(
            AdapterServer.SPEC.name(),
            "",
            AdapterServer.Settings.class,
            reader -> AdapterServer.start(reader, late));
    return servers.start(spec, Guarantee.CORE, options);
  }

  private static int active(Running adapter) {
    return RunningTarget.json(
            RunningTarget.send(HttpRequest.newBuilder(adapter.url().resolve("/metrics"))).body())
        .path("active_connections")
        .asInt(-1);
  }
}

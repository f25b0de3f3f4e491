package targets.relay.adapter;

import io.nats.client.Message;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import targets.relay.message.Delivery;
import targets.relay.message.Names;
import targets.relay.message.TokenMessage;
import targets.relay.message.TokenStore;
import targets.shared.Clocks;
import targets.shared.Json;
import targets.shared.NatsLink;
import targets.shared.Service;
import targets.shared.StoreKeeper;
import targets.shared.StoreReader;

/** NATS as the adapter uses it: live tokens, stored tokens and prompts. Thread-safe. */
final class TokenSource {
  private final AdapterMetrics metrics;
  private final Clocks clocks;
  private final NatsLink nats;
  private final Subscriptions subscriptions;
  private final StoreReader store;

  /** Adds everything that runs to the service. */
  TokenSource(AdapterSettings settings, AdapterMetrics metrics, Clocks clocks, Service service) {
    this.metrics = metrics;
    this.clocks = clocks;
    this.subscriptions = new Subscriptions(metrics, this::read);
    NatsLink.Watcher watcher = subscriptions;
    service.needs(metrics.nats);
    if (settings.delivery() == Delivery.DURABLE) {
      StoreKeeper keeper =
          new StoreKeeper(
              settings.store().store(),
              TokenStore.configuration(settings.store().store()),
              subscriptions);
      service.needs(keeper.state());
      service.add(keeper);
      watcher = keeper;
    }
    this.nats =
        new NatsLink(
            settings.nats().toString(),
            "relay-adapter",
            NatsLink.Waiting.NONE,
            metrics.nats,
            watcher,
            clocks.nano());
    service.add(nats);
    service.onClose(subscriptions::close);
    this.store =
        new StoreReader(
            settings.store().store(), TokenStore.NAME, nats::connection, metrics.storeReads);
  }

  /** Returns the subscriptions to live tokens. */
  Subscriptions subscriptions() {
    return subscriptions;
  }

  /** Reads a message, live or from the store; empty for one that cannot be passed on. */
  Optional<Token> read(Message message) {
    return Token.read(message, clocks.unixNs(), metrics.undelivered);
  }

  /** Returns the first stored message of a conversation at or behind a position. */
  CompletableFuture<Optional<Message>> next(String id, long position) {
    return store.next(TokenStore.subject(id), position);
  }

  /** Returns the last stored message of a conversation. */
  CompletableFuture<Optional<Message>> last(String id) {
    return store.last(TokenStore.subject(id));
  }

  /** Returns whether a client whose last token is given has the end of its conversation. */
  CompletableFuture<Boolean> isComplete(String id, long lastEvent) {
    return last(id)
        .thenApply(
            found ->
                found
                    .filter(message -> message.getData() != null)
                    .map(message -> TokenMessage.read(message.getData()))
                    .filter(read -> ends(read, lastEvent))
                    .isPresent());
  }

  /**
   * Publishes a user's message on {@code chat.<id>.messages}. The original does not say where its
   * prompts go; here an answering producer can subscribe to them.
   */
  void publishPrompt(String id, String message) {
    Map<String, Object> prompt = new LinkedHashMap<>();
    prompt.put("conversation_id", id);
    prompt.put("message", message);
    prompt.put("timestamp", clocks.unixNs());
    byte[] json = Json.bytes(prompt);
    nats.connection()
        .filter(connection -> json.length <= connection.getMaxPayload())
        .ifPresent(connection -> connection.publish(Names.promptSubject(id), json));
  }

  private static boolean ends(TokenMessage.Read read, long lastEvent) {
    return read instanceof TokenMessage.Read.Good good
        && good.message().isDone()
        && good.message().sequence() <= lastEvent;
  }
}

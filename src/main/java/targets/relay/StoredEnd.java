package targets.relay;

import java.util.concurrent.CompletableFuture;
import targets.shared.StoreReader;

/** Whether there is anything left to be said in a conversation. */
final class StoredEnd {
  private StoredEnd() {}

  /**
   * Whether a conversation's last message ends it, and a client has that one. Fails if NATS or the
   * store does not answer.
   *
   * @param store asked once
   * @param id of the conversation
   * @param lastEvent the last sequence that the client has
   */
  static CompletableFuture<Boolean> isKnown(StoreReader store, String id, long lastEvent) {
    return store
        .last(Names.storedSubject(id))
        .thenApply(
            found ->
                found
                    .filter(message -> message.getData() != null)
                    .map(message -> TokenMessage.read(message.getData()))
                    .filter(read -> ends(read, lastEvent))
                    .isPresent());
  }

  private static boolean ends(TokenMessage.Read read, long lastEvent) {
    return read instanceof TokenMessage.Read.Good good
        && good.message().isDone()
        && good.message().sequence() <= lastEvent;
  }
}

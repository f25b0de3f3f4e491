package targets.relay.bridge;

import java.util.Optional;
import java.util.function.LongSupplier;
import targets.relay.message.TokenMessage;
import targets.relay.message.Undelivered;
import targets.relay.message.Undelivered.Reason;

/** Turns a message from Redis into one for NATS. */
@FunctionalInterface
public interface Translation {
  /**
   * Returns what is published for a message: the message itself with more times, or a notice of its
   * loss; empty for a message that belongs to no conversation.
   *
   * @param bytes the message as the producer wrote it
   * @param stamps times to add, as {@link TokenMessage#stamped} takes them
   */
  Optional<Outgoing> of(byte[] bytes, String stamps);

  /**
   * A message for NATS.
   *
   * @param id of the conversation
   * @param sequence of the token
   * @param timestampNs of the producer, 0 for none
   * @param isDone whether it ends the conversation
   * @param isNotice whether it only reports a loss
   * @param json the bytes to publish
   */
  @SuppressWarnings("ArrayRecordComponent") // Never changed, and never compared.
  record Outgoing(
      String id, long sequence, long timestampNs, boolean isDone, boolean isNotice, byte[] json) {
    private static Outgoing notice(String id, long sequence, boolean done, String detail) {
      byte[] json = TokenMessage.loss(id, sequence, done, detail);
      return new Outgoing(id, sequence, 0, done, true, json);
    }
  }

  /**
   * Returns the translation that counts each message that cannot be passed on.
   *
   * @param bytesMax the largest message that NATS accepts at this time
   */
  static Translation counting(Undelivered undelivered, LongSupplier bytesMax) {
    return (bytes, stamps) -> {
      TokenMessage.Read read = TokenMessage.read(bytes);
      if (read instanceof TokenMessage.Read.Bad bad) {
        undelivered.add(bad.why(), bad.detail());
        return Optional.of(bad)
            .filter(TokenMessage.Read.Bad::isPlaced)
            .map(at -> Outgoing.notice(at.conversationId(), at.sequence(), false, at.detail()));
      }
      TokenMessage message = ((TokenMessage.Read.Good) read).message();
      String id = message.conversationId();
      byte[] json = message.stamped(stamps);
      long max = bytesMax.getAsLong();
      if (json.length > max) {
        String detail = "a message of " + json.length + " bytes is larger than NATS's limit " + max;
        undelivered.add(Reason.TOO_LARGE, detail);
        return Optional.of(Outgoing.notice(id, message.sequence(), message.isDone(), detail));
      }
      return Optional.of(
          new Outgoing(
              id, message.sequence(), message.timestampNs(), message.isDone(), false, json));
    };
  }
}

package targets.relay.bridge;

import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import targets.relay.message.TokenMessage;
import targets.relay.message.Undelivered;
import targets.relay.message.Undelivered.Reason;
import targets.shared.Clocks;

/**
 * Turns messages of producers into messages for NATS, and counts those that cannot be passed on.
 *
 * @param bytesMax the largest message that NATS accepts at this time
 * @param filter passes the messages that are published
 */
record Translation(
    Undelivered undelivered, LongSupplier bytesMax, Predicate<TokenMessage> filter, Clocks clocks) {
  /**
   * Returns the message with its times, or a notice of its loss; empty if there is nothing to pass
   * on.
   *
   * @param stamps earlier times, each with a comma behind it
   */
  Optional<TokenMessage> of(byte[] bytes, String stamps) {
    return TokenMessage.read(bytes, stamps + "\"bridge\":" + clocks.unixNs(), undelivered)
        .map(this::bounded)
        .filter(filter);
  }

  private TokenMessage bounded(TokenMessage message) {
    int bytes = message.json().length;
    long max = bytesMax.getAsLong();
    if (message.isNotice() || bytes <= max) {
      return message;
    }
    String detail = "a message of " + bytes + " bytes is larger than NATS's limit " + max;
    undelivered.add(Reason.TOO_LARGE, detail);
    return TokenMessage.notice(message.id(), message.sequence(), message.isDone(), detail);
  }
}

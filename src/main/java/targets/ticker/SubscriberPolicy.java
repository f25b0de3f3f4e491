package targets.ticker;

import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.OptionalDouble;

/**
 * Decisions about one subscriber, from the welcome to the end; a seam for decorators. Used by the
 * event loop of the subscriber.
 */
public interface SubscriberPolicy {
  /** The connection is open: greets the subscriber. */
  void opened(Subscriber subscriber);

  /** Whether a frame is within the limits; answers or closes if it is not. */
  boolean admits(Subscriber subscriber, WebSocketFrame frame);

  /**
   * Returns the time that a ping took to arrive; empty if the clocks cannot be compared.
   *
   * @param clientMs the client's time when it sent the ping
   * @param nowMs milliseconds since 1970
   */
  OptionalDouble latencyMs(double clientMs, double nowMs);

  /** The connection is gone: gives back what it held. */
  void ended(Subscriber subscriber);
}

package targets.relay;

import io.netty.channel.EventLoop;

/** One who listens to a conversation. All but {@link #loop} is called on its event loop. */
interface Member {
  EventLoop loop();

  /** From now on every token that NATS brings is told. */
  void joined();

  /** The subscription could not be had. */
  void refused(String reason);

  /** A token from NATS. */
  void live(Token token);

  /** Tokens may have passed unheard since the last one. */
  void missed();
}

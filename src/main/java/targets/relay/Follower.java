package targets.relay;

/** Chooses what a stream gets. Used by one event loop. */
sealed interface Follower permits CoreFollower, DurableFollower {
  /** The subscription stands; the client was told that it is connected. */
  void begin();

  /** A token from NATS. */
  void live(Token token);

  /** Tokens may have passed unheard. */
  void missed();

  /** The client has room again. */
  void writable();

  /** Nothing more is wanted. */
  void end();
}

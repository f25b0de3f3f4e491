package targets.relay;

import io.netty.channel.EventLoop;

/** Where a follower's tokens go: one client. Used by its event loop. */
interface Outlet {
  EventLoop loop();

  /** The conversation's id. */
  String id();

  /** Writes a token; ends the stream if the token ends its conversation. */
  void token(Token token);

  /** Writes a comment. */
  void comment(String text);

  /** Tells the client of lost tokens, the last of which gives the event its id. */
  void lost(long first, long last);

  /** False while the client must be waited for. */
  boolean isWritable();
}

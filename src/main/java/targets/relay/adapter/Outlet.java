package targets.relay.adapter;

import io.netty.channel.EventLoop;

/** A client as its sequencer sees it. Used by its event loop. */
interface Outlet {
  EventLoop loop();

  /** Returns the conversation's id. */
  String id();

  /** Writes a token; ends the stream if the token ends its conversation. */
  void token(Token token);

  /** Writes a comment. */
  void comment(String text);

  /** Reports lost tokens; the last of them is the event's id. */
  void lost(long first, long last);

  /** Returns false while the client does not read. */
  boolean isWritable();
}

package testing;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import testing.ScriptedServer.Wire;

/** An OpenAI-compatible server that is none of ours, perfect or with one fault. */
public final class ForeignLlm implements ScriptedServer.Script {
  private static final int TOKENS = 20;
  private static final int HALF = TOKENS / 2;
  private static final int PACE_MS = 20;
  private static final String CHUNK =
      "data: {\"choices\":[{\"index\":0,\"delta\":%s,\"finish_reason\":%s}]}\n\n";

  private final Kind kind;

  /** Its path, or as clients of a proxy request it; those of a WebSocket and of a feed. */
  private static final Pattern API =
      Pattern.compile("POST (http://[^/ ]+)?/v1/chat/completions |GET /(ws|feed) ");

  private final AtomicInteger posts = new AtomicInteger();

  /** Its answers to requests of the API; to anything else it answers 404. */
  public enum Kind {
    PERFECT,
    /** With the role in every delta, and a comment before each event. */
    CHATTY,
    UNAUTHORIZED,
    UNPROCESSABLE,
    LIMITS,
    HTML,
    /** Ends each stream at once. */
    EMPTY,
    SILENT,
    /** Begins each stream, and sends nothing more. */
    MUTE,
    /** Every third stream breaks in the middle. */
    BREAKS,
    /** Every third connection breaks before the first byte of the answer. */
    BREAKS_AT_ONCE,
    /** Every third stream stops in the middle and stays open. */
    STALLS,
    ERROR_BESIDE_CHOICES
  }

  public ForeignLlm(Kind kind) {
    this.kind = kind;
  }

  /** Returns the number of requests of the API. */
  public int posts() {
    return posts.get();
  }

  @Override
  public void play(String request, Wire wire) throws IOException, InterruptedException {
    if (!API.matcher(request).lookingAt()) {
      wire.answer("404 Not Found", "no such page");
      return;
    }
    boolean third = posts.incrementAndGet() % 3 == 0;
    switch (kind) {
      case UNAUTHORIZED -> wire.answer("401 Unauthorized", "{\"error\":\"Incorrect API key\"}");
      case UNPROCESSABLE -> wire.answer("422 Unprocessable Entity", "{\"detail\":\"no model x\"}");
      case LIMITS -> wire.answer("429 Too Many Requests", "slow down");
      case HTML -> wire.sendWhole("<html>welcome</html>");
      case EMPTY -> wire.sendStream();
      case SILENT -> {}
      case MUTE -> wire.beginStream();
      default -> stream(wire, third);
    }
  }

  private void stream(Wire wire, boolean third) throws IOException, InterruptedException {
    if (third && kind == Kind.BREAKS_AT_ONCE) {
      wire.socket().close();
      return;
    }
    String role = "\"role\":\"assistant\"";
    wire.beginStream(CHUNK.formatted("{" + role + ",\"content\":\"\"}", "null"));
    String first = kind == Kind.CHATTY ? role + "," : "";
    for (int token = 0; token < TOKENS; token++) {
      if (third && token == HALF && kind == Kind.STALLS) {
        return;
      } else if (third && token == HALF && kind == Kind.BREAKS) {
        wire.socket().close();
        return;
      }
      TimeUnit.MILLISECONDS.sleep(PACE_MS);
      String chunk = CHUNK.formatted("{" + first + "\"content\":\"w\"}", "null");
      boolean wrong = token == HALF && kind == Kind.ERROR_BESIDE_CHOICES;
      chunk = wrong ? chunk.replace("}]}", "}],\"error\":\"overloaded\"}") : chunk;
      wire.sendChunk(kind == Kind.CHATTY ? ": alive\n" + chunk : chunk);
    }
    wire.sendChunk(CHUNK.formatted("{}", "\"stop\"") + "data: [DONE]\n\n");
    wire.endStream();
  }
}

package targets.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of an upstream's response, read strictly: what is not plainly right is a bad gateway,
 * since two readers of one message must not see two different ends of it.
 *
 * @param version {@code HTTP/1.0} or {@code HTTP/1.1}
 * @param status 100 to 599
 * @param reason may be empty
 */
record ResponseHead(String version, int status, String reason, HttpHeaders headers) {
  private static final int MAX_BYTES = 64 * 1024;
  private static final String LINE_END = "\r\n";
  private static final ByteBuf END =
      Unpooled.copiedBuffer(LINE_END + LINE_END, StandardCharsets.US_ASCII).asReadOnly();
  private static final Pattern STATUS_LINE =
      Pattern.compile("(HTTP/1\\.[01]) ([1-5]\\d\\d)(?: ([\\t\\x20-\\x7e\\x80-\\xff]*))?");

  /**
   * Reads one head and moves the reader index behind it; returns null while it is not complete, and
   * the indices stay.
   */
  static ResponseHead read(ByteBuf in) throws ProtocolException {
    int end = ByteBufUtil.indexOf(END, in);
    if (end < 0) {
      if (in.readableBytes() > MAX_BYTES) {
        throw new ProtocolException("head is longer than " + MAX_BYTES + " bytes");
      }
      return null;
    }
    String text =
        in.toString(in.readerIndex(), end - in.readerIndex(), StandardCharsets.ISO_8859_1);
    in.readerIndex(end + END.readableBytes());
    String[] lines = text.split(LINE_END, -1);
    Matcher status = STATUS_LINE.matcher(lines[0]);
    if (!status.matches()) {
      throw new ProtocolException("status line is wrong");
    }
    HttpHeaders headers = new DefaultHttpHeaders();
    for (int line = 1; line < lines.length; line++) {
      addHeader(headers, lines[line]);
    }
    String reason = Optional.ofNullable(status.group(3)).orElse("");
    return new ResponseHead(status.group(1), Integer.parseInt(status.group(2)), reason, headers);
  }

  boolean isInterim() {
    return status < 200;
  }

  boolean keepsAlive() {
    return version.equals("HTTP/1.1")
        && !headers.containsValue(HttpHeaderNames.CONNECTION, "close", true);
  }

  /** Returns true for {@code text/event-stream} with any parameters. */
  boolean isEventStream() {
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE, "");
    return type.regionMatches(true, 0, "text/event-stream", 0, "text/event-stream".length());
  }

  /**
   * Returns how the body is delimited (RFC 9112 section 6.3).
   *
   * @param headRequest true if the request was HEAD, whose response has no body
   */
  BodyScanner body(boolean headRequest) throws ProtocolException {
    if (headRequest || status == 204 || status == 304) {
      return new BodyScanner.Plain(0);
    }
    List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (!codings.isEmpty()) {
      if (HopByHop.isChunked(codings)) {
        return new BodyScanner.Chunked();
      }
      throw new ProtocolException("transfer encoding " + codings + " is not known");
    }
    List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
    if (lengths.isEmpty()) {
      return new BodyScanner.Plain(BodyScanner.Plain.UNTIL_END);
    }
    if (lengths.size() > 1 || !lengths.get(0).matches("\\d{1,18}")) {
      throw new ProtocolException("content length " + lengths + " is not one number");
    }
    return new BodyScanner.Plain(Long.parseLong(lengths.get(0)));
  }

  /** Returns the head as the next hop reads it, with the headers as they are now. */
  ByteBuf encode(ByteBufAllocator alloc) {
    StringBuilder text = new StringBuilder("HTTP/1.1 ").append(status).append(' ').append(reason);
    headers.forEach(
        header ->
            text.append(LINE_END).append(header.getKey()).append(": ").append(header.getValue()));
    text.append(LINE_END).append(LINE_END);
    ByteBuf out = alloc.buffer(text.length());
    out.writeCharSequence(text, StandardCharsets.ISO_8859_1);
    return out;
  }

  private static void addHeader(HttpHeaders headers, String line) throws ProtocolException {
    int colon = line.indexOf(':');
    if (colon <= 0) {
      throw new ProtocolException("header line without a name");
    }
    try {
      headers.add(line.substring(0, colon), line.substring(colon + 1).strip());
    } catch (IllegalArgumentException e) {
      // Netty checks each character of names and values; a folded line fails at its first one.
      throw new ProtocolException("header line with a character that is not allowed");
    }
  }
}

package targets.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import targets.shared.Defects;

/** One response on its way to the client. Used by one event loop. */
final class Answer {
  private static final int HEAD_BYTES = 512;

  private final ProxyMetrics metrics;
  private final Outlet outlet;
  private final BodyForm form;
  private final boolean keepAlive;
  private boolean clientGone;
  private long counted;

  private Answer(ProxyMetrics metrics, Outlet outlet, BodyForm form, boolean keepAlive) {
    this.metrics = metrics;
    this.outlet = outlet;
    this.form = form;
    this.keepAlive = keepAlive;
  }

  /** Writes the head, with this hop's headers and framing, without a flush. */
  static Answer begin(
      ResponseHead head,
      BodyScanner body,
      ForwardedRequest request,
      ClientSide client,
      ProxyParts parts) {
    BodyForm form = form(head, body, request, client.outlet(), parts);
    boolean endsWithConnection =
        form instanceof BodyForm.Plain
            || (body.endsWithConnection() && form instanceof BodyForm.Same);
    boolean keepAlive = client.keepsAlive() && !endsWithConnection && !parts.slots().isDraining();
    client.endsWithConnection(endsWithConnection);
    HttpHeaders headers = head.headers();
    HopByHop.strip(headers);
    HopByHop.addVia(headers, head.version().substring("HTTP/".length()));
    boolean chunked =
        form instanceof BodyForm.Rechunked
            || (body instanceof ChunkedBody && form instanceof BodyForm.Same);
    if (chunked || form instanceof BodyForm.Plain) {
      headers.remove(HttpHeaderNames.CONTENT_LENGTH);
    }
    if (chunked) {
      headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
    if (!keepAlive) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    client.outlet().write(encode(head, client.alloc()));
    return new Answer(parts.counters(), client.outlet(), form, keepAlive);
  }

  /** The head's bytes. */
  static ByteBuf encode(ResponseHead head, ByteBufAllocator alloc) {
    ByteBuf out = alloc.buffer(HEAD_BYTES);
    head.writeTo(out);
    return out;
  }

  private static BodyForm form(
      ResponseHead head,
      BodyScanner body,
      ForwardedRequest request,
      Outlet outlet,
      ProxyParts parts) {
    EventTally tally = parts.tally(head);
    if (!request.isHttp11()) {
      return body instanceof ChunkedBody
          ? new BodyForm.Plain(tally, outlet)
          : new BodyForm.Same(tally, outlet);
    }
    Defects defects = parts.settings().defects();
    boolean withheld = defects.has(ProxyDefects.UNTERMINATED_DONE) && head.isEventStream();
    if ((withheld || defects.has(ProxyDefects.CLEAN_END)) && !body.isWhole()) {
      return new BodyForm.Rechunked(
          tally,
          outlet,
          withheld ? BodyForm.Rechunked.LastNewline.WITHHELD : BodyForm.Rechunked.LastNewline.SENT);
    }
    return new BodyForm.Same(tally, outlet);
  }

  BodyForm form() {
    return form;
  }

  boolean keepsAlive() {
    return keepAlive;
  }

  /** Events counted since the response began. */
  long events() {
    return counted;
  }

  /** From now on bytes go nowhere: only for the defect that reads on. */
  void clientLeft() {
    clientGone = true;
  }

  boolean isClientGone() {
    return clientGone;
  }

  /** Passes one read on, and its ownership. */
  void body(ByteBuf in) {
    if (in.isReadable()) {
      metrics.bytes.add(form.raw(in));
    } else {
      in.release();
    }
  }

  void flush() {
    form.tally.flushed();
    long events = form.tally.events();
    if (events != counted) {
      metrics.messages.add(events - counted);
      counted = events;
    }
    outlet.flush();
  }

  /** Ends the response; the promise tells when the client's socket has its last byte. */
  void end(ChannelPromise sent) {
    form.end();
    flush();
    outlet.finish(sent);
  }
}

package targets.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import targets.proxy.ProxyRoutes.Forward;

/**
 * One response on its way to the client. For each read the scanner first hands over the places of
 * content, then the whole read is handed over with {@link #body}. The upstream's own framing is
 * passed on as it is, except to HTTP/1.0 clients, which get the content of chunks only. Used by one
 * event loop.
 */
final class ClientResponse implements BodyScanner.Sink {
  /** Whether the client's connection lives on after the response. */
  final boolean keepAlive;

  private final ProxyMetrics metrics;
  private final ClientSide client;
  private final EventTally tally;
  private final boolean contentOnly;
  private int passed;
  private long counted;

  /** Writes the head, with this hop's headers and framing, without a flush. */
  ClientResponse(ResponseHead head, BodyScanner body, Forward request, ClientSide client) {
    boolean chunked = body instanceof BodyScanner.Chunked;
    this.client = client;
    metrics = client.proxy.metrics;
    tally = client.proxy.tally(head);
    contentOnly = chunked && !request.isHttp11();
    boolean endsWithConnection = contentOnly || body.endsWithConnection();
    keepAlive = client.keepsAlive() && !endsWithConnection && !client.proxy.service.isStopping();
    client.endsWithConnection = endsWithConnection;
    HttpHeaders headers = head.headers();
    HopByHop.strip(headers);
    HopByHop.addVia(headers, head.version());
    client.mark(headers);
    if (chunked) {
      headers.remove(HttpHeaderNames.CONTENT_LENGTH);
    }
    if (chunked && !contentOnly) {
      headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
    if (!keepAlive) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    client.write(head.encode(client.channel.alloc()));
  }

  long events() {
    return counted;
  }

  @Override
  public void data(ByteBuf in, int from, int length) {
    tally.data(in, from, length);
    if (contentOnly) {
      client.write(in.retainedSlice(from, length));
      passed += length;
    }
  }

  /** Passes one read on, and its ownership. */
  void body(ByteBuf in) {
    if (contentOnly || !in.isReadable()) {
      in.release();
      metrics.bytes.add(passed);
      passed = 0;
    } else {
      metrics.bytes.add(in.readableBytes());
      client.write(in);
    }
  }

  /** Lets everything that was passed on go to the socket. */
  void flush() {
    long events = tally.events();
    if (events != counted) {
      metrics.messages.add(events - counted);
      counted = events;
    }
    client.wire.flush();
  }
}

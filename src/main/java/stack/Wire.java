package stack;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection for a protocol of lines, with one bound for all of it. */
final class Wire implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Wire.class);
  private static final int LINE_BYTES_MAX = 64 * 1024;

  private final Address address;
  private final long deadlineNs;
  private Socket socket = new Socket();
  private InputStream in;

  private Wire(Address address, long deadlineNs) {
    this.address = address;
    this.deadlineNs = deadlineNs;
  }

  /** An exchange with a server. */
  @FunctionalInterface
  interface Exchange {
    /** Returns the answer; an I/O failure means that it is another kind of server. */
    Probe.Answer with(Wire wire) throws IOException;
  }

  /** Probes a server by an exchange of lines. */
  static Probe.Answer probe(Address address, Duration bound, Exchange exchange) {
    try (Wire wire = connect(address, bound)) {
      return exchanged(wire, exchange);
    } catch (IOException e) {
      return new Probe.Answer(Probe.Kind.NOTHING_ANSWERS, e.getMessage());
    }
  }

  private static Probe.Answer exchanged(Wire wire, Exchange exchange) {
    try {
      if (wire.address.tls()) {
        wire.startTls();
      }
      return exchange.with(wire);
    } catch (IOException e) {
      return new Probe.Answer(Probe.Kind.NOT_THIS_SERVER, e.getMessage());
    }
  }

  /**
   * Connects without TLS to the first of the host's addresses that accepts. Resolving the host is
   * not bounded.
   */
  private static Wire connect(Address address, Duration bound) throws IOException {
    InetAddress[] hosts;
    try {
      hosts = InetAddress.getAllByName(address.host());
    } catch (UnknownHostException e) {
      throw new IOException("unknown host", e);
    }
    long deadlineNs = System.nanoTime() + bound.toNanos();
    IOException last = new IOException("a host without addresses");
    for (InetAddress host : hosts) {
      Wire wire = new Wire(address, deadlineNs);
      try {
        wire.socket.connect(new InetSocketAddress(host, address.port()), wire.leftMs());
        wire.in = new BufferedInputStream(wire.socket.getInputStream());
        return wire;
      } catch (IOException e) {
        wire.close();
        last = e;
      }
    }
    throw last;
  }

  /** Continues in TLS, with the certificates that this JVM trusts. */
  void startTls() throws IOException {
    SSLSocketFactory tls = (SSLSocketFactory) SSLSocketFactory.getDefault();
    socket.setSoTimeout(leftMs());
    socket = tls.createSocket(socket, address.host(), address.port(), true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  /** Returns the next line, without its end. */
  String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = read(); next != '\n'; next = read()) {
      line.write(next);
      if (line.size() > LINE_BYTES_MAX) {
        throw new IOException("a line of more than " + LINE_BYTES_MAX + " bytes");
      }
    }
    return line.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  private int read() throws IOException {
    socket.setSoTimeout(leftMs());
    int next = in.read();
    if (next < 0) {
      throw new EOFException("the connection was closed");
    }
    return next;
  }

  private int leftMs() throws SocketTimeoutException {
    long leftMs = (deadlineNs - System.nanoTime()) / 1_000_000;
    if (leftMs <= 0) {
      throw new SocketTimeoutException("no answer in time");
    }
    return (int) leftMs;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("a probe's connection to {} did not close", address, e);
    }
  }
}

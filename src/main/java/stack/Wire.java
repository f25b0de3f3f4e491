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

/** A connection that speaks in lines, all of it within one bound. */
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

  /**
   * Connects, without TLS, to the first of the host's addresses where somebody is.
   *
   * @throws IOException if nobody is there, or not in time; finding the host's addresses takes as
   *     long as the system's resolver does
   */
  static Wire connect(Address address, Duration bound) throws IOException {
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

  /**
   * Goes on in TLS, with the certificates that this JVM trusts.
   *
   * @throws IOException if the other side does not speak it, or is not trusted
   */
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

  /**
   * The next line, without its end.
   *
   * @throws IOException if there is none, not in time, or it is too long to be one
   */
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

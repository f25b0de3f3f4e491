package stack;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocketFactory;
import stack.Probe.Answer;
import stack.Probe.Kind;

/** A connection for a protocol of lines, with one bound for all of it; the probes that use it. */
final class Wire implements AutoCloseable {
  private static final int LINE_BYTES_MAX = 64 * 1024;

  /** Common to Redis' errors about credentials. */
  private static final Pattern CREDENTIALS =
      Pattern.compile("AUTH|WRONGPASS|NOPERM|DENIED|password");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Address address;
  private final long deadlineNs;
  private Socket socket = new Socket();
  private InputStream in;

  private Wire(Address address, long deadlineNs) {
    this.address = address;
    this.deadlineNs = deadlineNs;
  }

  /**
   * A server's address as a user wrote it. Its text never shows the credentials.
   *
   * @param tls whether the scheme requires it
   */
  record Address(URI url, int port, boolean tls) {
    /**
     * Reads {@code scheme://[user[:password]@]host[:port][/…]}.
     *
     * @param schemes allowed ones, and whether they mean TLS
     * @throws IllegalArgumentException for another text
     */
    static Address parse(String text, Map<String, Boolean> schemes, int defaultPort) {
      URI url = URI.create(text);
      Boolean tls = schemes.get(String.valueOf(url.getScheme()));
      if (tls == null || url.getHost() == null) {
        throw new IllegalArgumentException("no such URL");
      }
      return new Address(url, url.getPort() == -1 ? defaultPort : url.getPort(), tls);
    }

    /** Returns the user's name, or a token that stands alone. */
    Optional<String> user() {
      return credential(0);
    }

    Optional<String> password() {
      return credential(1);
    }

    private Optional<String> credential(int index) {
      // A plus stands for a blank in forms only.
      return Optional.ofNullable(url.getRawUserInfo())
          .map(info -> info.replace("+", "%2B").split(":", 2))
          .filter(parts -> parts.length > index && !parts[index].isEmpty())
          .map(parts -> URLDecoder.decode(parts[index], UTF_8));
    }

    @Override
    public String toString() {
      return url.getScheme() + "://" + url.getHost() + ":" + port;
    }
  }

  private interface Exchange {
    /** Returns the answer; an I/O failure means that it is another kind of server. */
    Answer with(Wire wire) throws IOException;
  }

  /**
   * Probes a Redis by PING in its protocol (RESP2), after AUTH where the address has credentials.
   *
   * @param pid only this process passes; empty for any
   */
  static Probe redis(Address address, OptionalLong pid) {
    return bound -> probe(address, bound, wire -> wire.pingRedis(pid));
  }

  /**
   * Probes a nats-server by INFO, CONNECT and PING, with the credentials of the address.
   *
   * @param serverName only the server of this name passes; empty for any
   */
  static Probe nats(Address address, Optional<String> serverName) {
    return bound -> probe(address, bound, wire -> wire.pingNats(serverName));
  }

  private static Answer probe(Address address, Duration bound, Exchange exchange) {
    try (Wire wire = connect(address, bound)) {
      try {
        return exchange.with(wire);
      } catch (IOException e) {
        return new Answer(Kind.NOT_THIS_SERVER, e.getMessage());
      }
    } catch (IOException e) {
      return new Answer(Kind.NOTHING_ANSWERS, e.getMessage());
    }
  }

  private Answer pingRedis(OptionalLong pid) throws IOException {
    if (address.tls()) {
      startTls();
    }
    if (address.password().isPresent()) {
      String password = address.password().get();
      Optional<String> user = address.user();
      String reply =
          user.isPresent() ? command("AUTH", user.get(), password) : command("AUTH", password);
      if (!reply.equals("+OK")) {
        return refusal(reply);
      }
    }
    String reply = command("PING");
    if (!reply.equals("+PONG")) {
      return refusal(reply);
    }
    return pid.isEmpty() || isRedisProcess(pid.getAsLong())
        ? Answer.READY
        : new Answer(Kind.NOT_READY, "another Redis listens there");
  }

  private static Answer refusal(String reply) {
    String reason = reply.startsWith("-") ? reply.substring(1) : reply;
    if (reason.startsWith("LOADING") || reason.startsWith("MASTERDOWN")) {
      return new Answer(Kind.NOT_READY, reason);
    }
    boolean refused = reply.startsWith("-") && CREDENTIALS.matcher(reason).find();
    return new Answer(refused ? Kind.REFUSED : Kind.NOT_THIS_SERVER, reason);
  }

  private boolean isRedisProcess(long pid) throws IOException {
    // A text of known length, which an empty line follows.
    String line = command("INFO", "server");
    while (!line.isEmpty() && !line.startsWith("process_id:")) {
      line = line();
    }
    return line.equals("process_id:" + pid);
  }

  private String command(String... words) throws IOException {
    StringBuilder command = new StringBuilder("*").append(words.length).append("\r\n");
    for (String word : words) {
      int bytes = word.getBytes(UTF_8).length;
      command.append('$').append(bytes).append("\r\n").append(word).append("\r\n");
    }
    send(command.toString());
    return line();
  }

  private Answer pingNats(Optional<String> serverName) throws IOException {
    String greeting = line();
    if (!greeting.startsWith("INFO {")) {
      return new Answer(Kind.NOT_THIS_SERVER, "it sent '" + greeting + "'");
    }
    JsonNode info = JSON.readTree(greeting.substring("INFO ".length()));
    if (address.tls() || info.path("tls_required").asBoolean()) {
      startTls(); // After the greeting, which is in plain text.
    }
    send("CONNECT " + natsOptions() + "\r\nPING\r\n");
    String reply = line();
    while (reply.startsWith("INFO ") || reply.startsWith("+OK")) {
      reply = line();
    }
    if (reply.startsWith("-ERR")) {
      return new Answer(Kind.REFUSED, reply.substring("-ERR".length()).strip());
    }
    if (!reply.equals("PONG")) {
      return new Answer(Kind.NOT_THIS_SERVER, "it sent '" + reply + "'");
    }
    String name = info.path("server_name").asText();
    return serverName.isEmpty() || serverName.get().equals(name)
        ? Answer.READY
        : new Answer(Kind.NOT_READY, "another nats-server listens there: " + name);
  }

  private ObjectNode natsOptions() {
    ObjectNode options =
        JSON.createObjectNode()
            .put("verbose", false)
            .put("tls_required", address.tls())
            .put("name", "gauntlet probe")
            .put("lang", "java");
    if (address.password().isPresent()) {
      return options.put("user", address.user().orElse("")).put("pass", address.password().get());
    }
    address.user().ifPresent(token -> options.put("auth_token", token));
    return options;
  }

  /**
   * Connects without TLS to the first of the host's addresses that accepts. Resolving the host is
   * not bounded.
   */
  private static Wire connect(Address address, Duration bound) throws IOException {
    InetAddress[] hosts;
    try {
      hosts = InetAddress.getAllByName(address.url().getHost());
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
  private void startTls() throws IOException {
    SSLSocketFactory tls = (SSLSocketFactory) SSLSocketFactory.getDefault();
    socket.setSoTimeout(leftMs());
    socket = tls.createSocket(socket, address.url().getHost(), address.port(), true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  private void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(UTF_8));
    socket.getOutputStream().flush();
  }

  /** Returns the next line, without its end. */
  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = read(); next != '\n'; next = read()) {
      line.write(next);
      if (line.size() > LINE_BYTES_MAX) {
        throw new IOException("a line of more than " + LINE_BYTES_MAX + " bytes");
      }
    }
    return line.toString(UTF_8).stripTrailing();
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
      // What was to be found out is known by now.
    }
  }
}

package stack;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** An HTTP server on this machine with a release of nats-server as the official one lays it out. */
final class FakeRelease implements AutoCloseable {
  static final String VERSION = "9.9.9";
  static final String PROGRAM = "#!/bin/sh\necho nats-server: v9.9.9\n";

  private final HttpServer server;
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();

  FakeRelease(Platform platform) throws IOException {
    String name = "nats-server-v" + VERSION + "-" + platform.release();
    byte[] archive = archive(name);
    put(name + ".tar.gz", archive);
    put(
        "SHA256SUMS",
        sum(archive) + "  " + name + ".tar.gz\n" + sum(new byte[0]) + "  other.zip\n");
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server = HttpServer.create(any, 0);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          asked.add(path.substring(path.lastIndexOf('/') + 1));
          byte[] body = files.get(path);
          exchange.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : body.length);
          if (body != null) {
            exchange.getResponseBody().write(body);
          }
          exchange.close();
        });
    server.start();
  }

  /** As the search takes it. */
  NatsRelease release(Duration bound) {
    String base = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    return new NatsRelease(URI.create(base), VERSION, bound);
  }

  /** What was asked for, in order. */
  Queue<String> asked() {
    return asked;
  }

  void put(String name, String text) {
    put(name, text.getBytes(StandardCharsets.UTF_8));
  }

  void put(String name, byte[] bytes) {
    files.put("/v" + VERSION + "/" + name, bytes);
  }

  void remove(String name) {
    files.remove("/v" + VERSION + "/" + name);
  }

  static String sum(byte[] bytes) {
    try {
      return ProgramCache.sha256(new ByteArrayInputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] archive(String folder) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
      add(tar, folder + "/LICENSE", "nothing", 0644);
      add(tar, folder + "/nats-server", PROGRAM, 0755);
    }
    return bytes.toByteArray();
  }

  private static void add(TarArchiveOutputStream tar, String name, String text, int mode)
      throws IOException {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    entry.setMode(mode);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

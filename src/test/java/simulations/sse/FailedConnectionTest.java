package simulations.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import simulations.run.Options;
import stack.StackFailure;

/** What a user sees of a service that cannot be reached, or refuses. */
class FailedConnectionTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir Path folder;

  @Test
  void a_port_without_a_service_is_refused() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    assertUnreachable(
        "http://127.0.0.1:" + port,
        "-Dservice.url: nothing answers at http://127.0.0.1:" + port + " (Connection refused)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void a_name_that_does_not_resolve_is_named(String scheme) {
    assertUnreachable(
        scheme + "://no-such-host.invalid/v1",
        "-Dservice.url: nothing answers at %s://no-such-host.invalid (the name no-such-host.invalid"
                .formatted(scheme)
            + " does not resolve)");
  }

  @Test
  void a_certificate_that_no_client_trusts_is_refused_unless_the_user_accepts_it()
      throws Exception {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(selfSigned()));
    serve(server, 404, "no such page");
    String url = "https://127.0.0.1:" + server.getAddress().getPort();
    try {
      assertUnreachable(url, "-Dservice.url: " + url + " has no TLS that a client trusts (");
      assertUnreachable(url, "PKIX path building failed");
      assertThat(answer(url, "insecure", "true")).isEqualTo("404 no such page");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void a_service_without_tls_is_no_https_one() throws Exception {
    try (ServerSocket plain = new ServerSocket(0)) {
      CompletableFuture<Void> answered =
          CompletableFuture.runAsync(
              () -> {
                try (Socket socket = plain.accept()) {
                  socket
                      .getOutputStream()
                      .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
                  socket.getInputStream().readNBytes(1);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      assertUnreachable(
          "https://127.0.0.1:" + plain.getLocalPort(),
          "has no TLS that a client trusts (Unsupported or unrecognized SSL message)");
      answered.get();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401 | '{\"error\":\"Incorrect API key\"}'       | 401 {\"error\":\"Incorrect API key\"}",
        "404 | '\n  model x not found\n  second line'    | 404 model x not found",
        "422 | '{\"detail\":\"max_tokens is too large\"}' | 422 {\"detail\":\"max_tokens is too"
            + " large\"}",
        "500 | ''                                        | '500 '",
      })
  void a_refusal_is_its_status_with_the_first_line_of_its_body(
      int status, String body, String answer) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    serve(server, status, body);
    try {
      assertThat(answer("http://127.0.0.1:" + server.getAddress().getPort())).isEqualTo(answer);
    } finally {
      server.stop(0);
    }
  }

  private static void assertUnreachable(String url, String words) {
    SseSettings settings = settings(url);
    assertThatThrownBy(
            () -> SseTargets.reach(settings.service(), settings.service().url().orElseThrow()))
        .isInstanceOf(StackFailure.class)
        .hasMessageContaining(words);
  }

  private static String answer(String url, String... more) {
    SseSettings settings = settings(url, more);
    SseTargets.reach(settings.service(), settings.service().url().orElseThrow());
    return new SseRequests(settings, settings.stream()).answer(url);
  }

  private static SseSettings settings(String url, String... more) {
    String[] all = new String[4 + more.length];
    System.arraycopy(new String[] {"api", "chat", "service.url", url}, 0, all, 0, 4);
    System.arraycopy(more, 0, all, 4, more.length);
    return SseSettings.read(Options.config("sse-battle", all));
  }

  private static HttpServer serve(HttpServer server, int status, String body) {
    server.createContext(
        "/",
        exchange -> {
          byte[] bytes = body.getBytes(UTF_8);
          exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    return server;
  }

  private SSLContext selfSigned() throws Exception {
    Path store = folder.resolve("keys.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String words =
        "-genkeypair -alias a -keyalg EC -dname CN=localhost -ext SAN=ip:127.0.0.1 -storetype"
            + " PKCS12 -storepass changeit -keystore";
    ProcessBuilder making = new ProcessBuilder((keytool + " " + words).split(" "));
    making.command().add(store.toString());
    assertThat(making.redirectErrorStream(true).start().waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }
}

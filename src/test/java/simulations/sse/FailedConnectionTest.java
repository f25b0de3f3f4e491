package simulations.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import simulations.run.Access;
import simulations.run.Options;
import stack.StackFailure;
import testing.ScriptedServer;

/** What a user sees of a service that cannot be reached, or refuses. */
class FailedConnectionTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private static final SSLContext BEFORE = defaultContext();

  @TempDir static Path folder;
  private static SSLContext service;

  @BeforeAll
  static void makeCertificates() throws Exception {
    selfSigned("other");
    service = selfSigned("own");
  }

  @AfterEach
  void restore() {
    SSLContext.setDefault(BEFORE);
  }

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

  /** The certificate is of 127.0.0.1. */
  @ParameterizedTest(name = "{0}: {1}={2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "127.0.0.1 |          |           | PKIX path building failed",
        "127.0.0.1 | tls.ca   | other.pem | PKIX path validation failed",
        "127.0.0.1 | tls.ca   | own.pem   | 404 no such page",
        "localhost | tls.ca   | own.pem   | No name matching localhost found",
        "127.0.0.1 | insecure | true      | 404 no such page",
        "localhost | insecure | true      | 404 no such page",
      })
  void a_certificate_that_no_client_trusts_is_refused_unless_the_user_accepts_it(
      String host, String option, String value, String outcome) throws Exception {
    boolean isFile = "tls.ca".equals(option);
    String[] more =
        option == null
            ? new String[0]
            : new String[] {option, isFile ? folder.resolve(value).toString() : value};
    try (ScriptedServer server =
        new ScriptedServer(answering("404", "no such page"), service.getServerSocketFactory())) {
      String url = "https://" + host + ":" + server.port();
      if (outcome.startsWith("404")) {
        assertThat(answer(url, more)).isEqualTo(outcome);
      } else {
        assertUnreachable(url, "-Dservice.url: " + url + " has no TLS that a client trusts", more);
        assertUnreachable(url, outcome, more);
        assertUnreachable(url, "-Dtls.ca=<PEM file> trusts a CA of your own", more);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"missing.pem, NoSuchFileException", "text.pem, CertificateException"})
  void a_file_without_certificates_is_refused(String name, String reason) throws IOException {
    Files.writeString(folder.resolve("text.pem"), "no certificate");
    assertThat(Options.errors(() -> settings("https://a", "tls.ca", "" + folder.resolve(name))))
        .singleElement(STRING)
        .contains("-Dtls.ca: '", name + "' holds no certificates as PEM that can be read", reason);
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
          "does not speak TLS (Unsupported or unrecognized SSL message); without it");
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
        "500 | ''                                        | 500",
      })
  void a_refusal_is_its_status_with_the_first_line_of_its_body(
      String status, String body, String answer) throws IOException {
    try (ScriptedServer server = new ScriptedServer(answering(status, body))) {
      assertThat(answer(server.url())).isEqualTo(answer);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "location, /v2/chat, moved, 307 to /v2/chat moved",
    "content-type, text/event-stream; charset=utf-8, data: x, 307 and a stream",
    "content-type, text/event-stream, '{\"error\":1}', '307 {\"error\":1}'",
  })
  void where_a_redirect_leads_and_what_is_a_stream_is_said(
      String header, String value, String body, String said) throws IOException {
    try (ScriptedServer server =
        new ScriptedServer(answering("307", body, header + ": " + value))) {
      assertThat(answer(server.url())).isEqualTo(said);
    }
  }

  @Test
  void a_refused_stream_is_explained_by_the_answer_to_one_more_request() throws IOException {
    try (ScriptedServer server = new ScriptedServer(answering("403", "no subscription"))) {
      String url = server.url();
      Access access = settings(url).common().access();
      String refused = "3 streams were not opened: Server returned http response with code 403";
      assertThat(access.explained(refused, url, Duration.ofSeconds(5)))
          .isEqualTo(refused + ". To one more request it answered: 403 no subscription");
      assertThat(access.explained("3 streams broke", url, Duration.ofSeconds(5)))
          .isEqualTo("3 streams broke");
    }
  }

  private static void assertUnreachable(String url, String words, String... more) {
    SseSettings settings = settings(url, more);
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

  private static SSLContext defaultContext() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the settings of a run that is about to begin. */
  private static SseSettings settings(String url, String... more) {
    String[] all = new String[4 + more.length];
    System.arraycopy(new String[] {"api", "chat", "service.url", url}, 0, all, 0, 4);
    System.arraycopy(more, 0, all, 4, more.length);
    SseSettings settings = SseSettings.read(Options.config("sse-battle", all));
    try {
      settings.common().access().install();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return settings;
  }

  private static ScriptedServer.Script answering(String status, String body, String... head) {
    return (request, wire) -> wire.answer(status + " As Planned", body, head);
  }

  /** Returns what a server needs for a new certificate, which is written to a file too. */
  private static SSLContext selfSigned(String name) throws Exception {
    Path store = folder.resolve(name + ".p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String words =
        "-genkeypair -alias a -keyalg EC -dname CN=service -ext SAN=ip:127.0.0.1 -storetype"
            + " PKCS12 -storepass changeit -keystore";
    ProcessBuilder making = new ProcessBuilder((keytool + " " + words).split(" "));
    making.command().add(store.toString());
    assertThat(making.redirectErrorStream(true).start().waitFor()).isZero();
    ProcessBuilder exporting =
        new ProcessBuilder(
            (keytool + " -exportcert -alias a -rfc -storepass changeit -keystore").split(" "));
    exporting.command().addAll(List.of(store.toString(), "-file", folder + "/" + name + ".pem"));
    assertThat(exporting.redirectErrorStream(true).start().waitFor()).isZero();
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

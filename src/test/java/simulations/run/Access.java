package simulations.run;

import static java.net.http.HttpResponse.BodyHandlers.ofInputStream;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import settings.Checked;
import settings.Option;
import settings.SettingsReader;
import stack.StackFailure;

/**
 * The way to services of the user's own, the same in every simulation.
 *
 * @param proxyServer HTTP proxy on the way to them
 * @param tlsCa file of certificates as PEM, trusted beside those that the JVM trusts
 * @param insecure whether any certificate is accepted
 * @param header further headers of each request
 */
public record Access(
    @Option(like = "http://proxy:3128") Optional<URI> proxyServer,
    @Option(name = "tls.ca") Optional<Path> tlsCa,
    @Option boolean insecure,
    @Option Optional<Headers> header)
    implements Checked {
  private static final int CONNECT_BOUND_MS = 5_000;
  private static final int EXCERPT_BYTES = 300;
  private static final Pattern SSE_LINE = Pattern.compile("(?:data|event|id|retry)?:.*");
  private static final Pattern SECURED = Pattern.compile("(?i)(?:https|wss):");

  @Override
  public void check(SettingsReader from) {
    if (proxyServer.filter(url -> url.getUserInfo() != null).isPresent()) {
      from.error("proxy-server", "takes no user and password; name a proxy that requires none");
    }
    try {
      var unused = context();
    } catch (IOException | GeneralSecurityException e) {
      String sentence = "'%s' holds no certificates as PEM that can be read (%s)";
      from.error("tls.ca", sentence.formatted(tlsCa.map(Path::toString).orElse(""), e));
    }
  }

  /** Returns the headers of each request. */
  public Map<String, String> headers() {
    return header.map(Headers::all).orElse(Map.of());
  }

  /** Returns what a service said without the headers that were sent to it. */
  public String masked(String text) {
    return Secrets.masked(text, headers());
  }

  /**
   * Sends one more request, outside of the load: Gatling keeps no body of a refusal.
   *
   * @param request with the headers of its API, if any
   * @return the status and the first line of the answer, or why there was none
   */
  public String answer(String url, HttpRequest.Builder request, Duration bound) {
    try {
      request.uri(URI.create(url));
      headers().forEach(request::setHeader);
      HttpResponse<InputStream> answer =
          HttpClient.newHttpClient().send(request.timeout(bound).build(), ofInputStream());
      try (InputStream body = answer.body()) {
        String text = new String(firstBytes(body, bound), StandardCharsets.UTF_8);
        String to = answer.headers().firstValue("location").map(" to "::concat).orElse("");
        String type = answer.headers().firstValue("content-type").orElse("");
        String line = text.strip().lines().findFirst().orElse("");
        boolean isStream = type.startsWith("text/event-stream") && SSE_LINE.matcher(line).matches();
        return (answer.statusCode() + to + (isStream ? " and a stream" : " " + line)).strip();
      }
    } catch (IOException | IllegalArgumentException e) {
      return "nothing (" + e.getMessage() + ")";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "nothing";
    }
  }

  /** Returns the beginning of a body; empty if it does not come in time, as of a mute stream. */
  private static byte[] firstBytes(InputStream body, Duration bound) {
    return CompletableFuture.supplyAsync(
            () -> {
              try {
                return body.readNBytes(EXCERPT_BYTES);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .exceptionally(e -> new byte[0])
        .completeOnTimeout(new byte[0], bound.toMillis(), MILLISECONDS)
        .join();
  }

  /**
   * Returns the faults of streams without the headers that were sent, and if the service refused
   * any, its answer to one more request.
   *
   * @param url of such a stream
   */
  public String explained(String faults, String url, Duration bound) {
    if (!faults.contains("Server returned")) {
      return masked(faults);
    }
    String answer = answer(url, HttpRequest.newBuilder(), bound);
    return masked(faults + ". To one more request it answered: " + answer);
  }

  /** Returns true if the user names a header; the case of letters does not matter. */
  public boolean names(String name) {
    return headers().keySet().stream().anyMatch(name::equalsIgnoreCase);
  }

  /**
   * Makes it the way of this process's clients. Gatling's own accepts any certificate, which is
   * therefore verified before a run.
   *
   * @throws IOException if the certificates cannot be read any more
   */
  public void install() throws IOException {
    ServiceProxy.install(proxyServer);
    try {
      if (insecure || tlsCa.isPresent()) { // Else as the JVM's own options say.
        SSLContext.setDefault(context());
      }
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private SSLContext context() throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    TrustManager[] managers =
        insecure || tlsCa.isEmpty()
            ? InsecureTrustManagerFactory.INSTANCE.getTrustManagers()
            : managers(trusted(tlsCa.get()));
    context.init(null, managers, null);
    return context;
  }

  private static KeyStore trusted(Path file) throws IOException, GeneralSecurityException {
    List<Certificate> all = new ArrayList<>();
    try (InputStream in = Files.newInputStream(file)) {
      all.addAll(CertificateFactory.getInstance("X.509").generateCertificates(in));
    }
    if (all.isEmpty()) {
      throw new CertificateException("it has none");
    }
    for (TrustManager usual : managers(null)) {
      if (usual instanceof X509TrustManager known) {
        all.addAll(List.of(known.getAcceptedIssuers()));
      }
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (Certificate each : all) {
      store.setCertificateEntry("" + store.size(), each);
    }
    return store;
  }

  /** Returns those that trust a store's certificates; null for those that the JVM trusts. */
  private static TrustManager[] managers(KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    return trust.getTrustManagers();
  }

  /**
   * Verifies that an address of the user's own accepts connections.
   *
   * @param option that named it, for the message
   * @throws StackFailure if it does not
   */
  public static void reach(String option, URI url) {
    reach(option, url.toString(), url.getHost(), ServiceProxy.port(url));
  }

  /** Like {@link #reach(String, URI)}, for an address that is no URI of Java's. */
  public static void reach(String option, String url, String host, int port) {
    boolean secured = SECURED.matcher(url).lookingAt();
    InetSocketAddress address = ServiceProxy.toService(host, port);
    boolean isDirect = address.getHostString().equals(host) && address.getPort() == port;
    boolean isTunnel = secured && !isDirect;
    try (Socket socket =
        isTunnel ? new Socket(new Proxy(Proxy.Type.HTTP, address)) : new Socket()) {
      if (address.isUnresolved()) {
        throw new UnknownHostException("the name " + address.getHostString() + " does not resolve");
      }
      socket.setSoTimeout(CONNECT_BOUND_MS);
      InetSocketAddress service = InetSocketAddress.createUnresolved(host, port);
      socket.connect(isTunnel ? service : address, CONNECT_BOUND_MS);
      if (secured) {
        shakeHands(socket, host, port);
      }
    } catch (SSLException e) {
      String sentence =
          e instanceof SSLHandshakeException
              ? "%s: %s has no TLS that a client trusts (%s); -Dtls.ca=<PEM file> trusts a CA of"
                  + " your own, -Dinsecure any certificate"
              : "%s: %s does not speak TLS (%s); without it the address begins with http or ws";
      throw new StackFailure(sentence.formatted(option, Secrets.masked(url), e.getMessage()), e);
    } catch (IOException e) {
      String by =
          isDirect ? "" : " by the proxy " + address.getHostString() + ":" + address.getPort();
      String sentence =
          "%s: nothing answers at %s%s (%s); start it, or leave the option out to use the bundled"
              + " targets";
      throw new StackFailure(
          sentence.formatted(option, Secrets.masked(url), by, e.getMessage()), e);
    }
  }

  private static void shakeHands(Socket plain, String host, int port) throws IOException {
    SSLSocketFactory factory;
    try {
      factory = SSLContext.getDefault().getSocketFactory();
    } catch (NoSuchAlgorithmException e) {
      throw new SSLException(e);
    }
    SSLSocket socket = (SSLSocket) factory.createSocket(plain, host, port, false);
    SSLParameters named = socket.getSSLParameters();
    named.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(named);
    try {
      socket.startHandshake();
    } catch (SocketTimeoutException e) {
      throw new SSLException("no answer to the handshake", e);
    }
  }
}

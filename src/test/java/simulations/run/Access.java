package simulations.run;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import settings.Checked;
import settings.Option;
import settings.SettingsReader;

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
  @Override
  public void check(SettingsReader from) {
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

  /** Returns true if the user names a header, in whatever case. */
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
      SSLContext.setDefault(context());
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private SSLContext context() throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    TrustManager[] managers = null; // The JVM's own.
    if (insecure) {
      managers = InsecureTrustManagerFactory.INSTANCE.getTrustManagers();
    } else if (tlsCa.isPresent()) {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted(tlsCa.get()));
      managers = trust.getTrustManagers();
    }
    context.init(null, managers, null);
    return context;
  }

  private static KeyStore trusted(Path file) throws IOException, GeneralSecurityException {
    KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
    all.load(null, null);
    Collection<? extends Certificate> own;
    try (InputStream in = Files.newInputStream(file)) {
      own = CertificateFactory.getInstance("X.509").generateCertificates(in);
    }
    if (own.isEmpty()) {
      throw new CertificateException("it has none");
    }
    for (Certificate each : own) {
      all.setCertificateEntry("own " + all.size(), each);
    }
    TrustManagerFactory usual =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    usual.init((KeyStore) null);
    for (TrustManager manager : usual.getTrustManagers()) {
      if (manager instanceof X509TrustManager known) {
        for (X509Certificate each : known.getAcceptedIssuers()) {
          all.setCertificateEntry("usual " + all.size(), each);
        }
      }
    }
    return all;
  }
}

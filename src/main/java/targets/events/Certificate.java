package targets.events;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.KeyManagerFactory;
import settings.BadSettings;

/**
 * A certificate for localhost that signs itself, made anew at each start by the JDK's own {@code
 * keytool}: the JDK has no public class that makes one.
 */
final class Certificate {
  private Certificate() {}

  /** Returns TLS with a new certificate, for HTTP/2 and HTTP/1.1, or throws BadSettings. */
  static SslContext tls() {
    try {
      Path folder = Files.createTempDirectory("certificate");
      Path file = folder.resolve("keys.p12");
      try {
        return context(file, UUID.randomUUID().toString());
      } finally {
        Files.deleteIfExists(file);
        Files.deleteIfExists(folder);
      }
    } catch (IOException | GeneralSecurityException e) {
      String reason = "--tls-port: no certificate can be made: " + e.getMessage();
      throw new BadSettings(List.of(reason + "; leave the option out"));
    }
  }

  private static SslContext context(Path file, String password)
      throws IOException, GeneralSecurityException {
    String options =
        "-genkeypair -keyalg EC -groupname secp256r1 -validity 365 -dname CN=localhost"
            + " -storetype PKCS12 -storepass:env PASSWORD -ext san=dns:localhost,ip:127.0.0.1";
    String java = ProcessHandle.current().info().command().orElse("java");
    String keytool = Path.of(java).resolveSibling("keytool").toString();
    ProcessBuilder builder = new ProcessBuilder(keytool, "-keystore", file.toString());
    builder.command().addAll(List.of(options.split(" ", -1)));
    builder.environment().put("PASSWORD", password);
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException("keytool reports: " + output.strip());
    }
    KeyStore keys = KeyStore.getInstance(file.toFile(), password.toCharArray());
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, password.toCharArray());
    return SslContextBuilder.forServer(own)
        .sslProvider(SslProvider.JDK)
        .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                ApplicationProtocolNames.HTTP_2,
                ApplicationProtocolNames.HTTP_1_1))
        .build();
  }
}

package targets.relay;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import settings.SettingsReader;
import targets.shared.TargetSpec.Setting;

/** Options that bridge and adapter share. */
final class RelayOptions {
  static final Setting REDIS =
      new Setting("redis", "redis://127.0.0.1:6379", "Redis, with user and password if it asks");
  static final Setting NATS =
      new Setting("nats", "nats://127.0.0.1:4222", "NATS, with user and password if it asks");
  static final Setting DELIVERY =
      new Setting(
          "delivery", "core", "core: at most once; durable: exactly once, JetStream needed");
  static final Setting RETAIN =
      new Setting("retain", "10m", "durable: how long tokens can be replayed");
  static final Setting RETAIN_BYTES =
      new Setting("retain-bytes", "1GiB", "durable: at most so much; then the oldest tokens go");
  static final Setting NATS_DOMAIN =
      new Setting(
          "nats-domain", "", "durable: JetStream's domain, if NATS is a leaf node of its server");
  static final int PORT_MAX = 65_535;

  private static final long MIB = 1L << 20;
  private static final String DOMAIN = "[A-Za-z0-9_-]{1,64}";
  private static final URI NONE = URI.create("none://none");

  private RelayOptions() {}

  static Delivery delivery(SettingsReader reader) {
    String word = reader.oneOf("delivery", List.of(Delivery.CORE.word(), Delivery.DURABLE.word()));
    return word.equals(Delivery.DURABLE.word()) ? Delivery.DURABLE : Delivery.CORE;
  }

  static URI redis(SettingsReader reader) {
    return url(reader, "redis", List.of("redis", "rediss"), "redis://127.0.0.1:6379");
  }

  static URI nats(SettingsReader reader) {
    return url(reader, "nats", List.of("nats", "tls"), "nats://127.0.0.1:4222");
  }

  static StoreSettings store(SettingsReader reader) {
    return new StoreSettings(
        reader.duration("retain", Duration.ofSeconds(1), Duration.ofDays(30)),
        reader.bytes("retain-bytes", MIB, MIB << 20),
        domain(reader));
  }

  private static Optional<String> domain(SettingsReader reader) {
    Optional<String> domain = reader.optionalText("nats-domain");
    if (domain.filter(name -> !name.matches(DOMAIN)).isPresent()) {
      reader.error(
          "nats-domain",
          "'" + domain.get() + "' has other characters than letters, digits, '-' and '_'");
    }
    return domain;
  }

  private static URI url(SettingsReader reader, String path, List<String> schemes, String example) {
    String text = reader.text(path);
    try {
      URI url = new URI(text);
      String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
      if (schemes.contains(scheme) && url.getHost() != null) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Falls through to the one sentence that covers both mistakes.
    }
    if (!text.isEmpty()) {
      // A password in it is not said again.
      String shown = text.contains("@") ? text.replaceAll("^([a-z]+://)?.*@", "$1***@") : text;
      reader.error(path, "'" + shown + "' is not an address such as " + example);
    }
    return NONE;
  }
}

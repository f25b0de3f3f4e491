package targets.shared;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import settings.SettingsReader;
import targets.shared.TargetSpec.Setting;

/** The settings that name Redis and NATS, the same in every target that uses them. */
public final class Addresses {
  /** Where Redis is. */
  public static final Setting REDIS =
      new Setting(
          "redis", "redis://127.0.0.1:6379", "Redis, with user and password if it requires them");

  /** Where NATS is. */
  public static final Setting NATS =
      new Setting(
          "nats", "nats://127.0.0.1:4222", "NATS, with user and password if it requires them");

  /** The highest port. */
  public static final int PORT_MAX = 65_535;

  private static final URI NONE = URI.create("none://none");

  private Addresses() {}

  /** Reads {@link #REDIS}. */
  public static URI redis(SettingsReader reader) {
    return read(reader, "redis", List.of("redis", "rediss"), REDIS.defaultValue());
  }

  /** Reads {@link #NATS}. */
  public static URI nats(SettingsReader reader) {
    return read(reader, "nats", List.of("nats", "tls"), NATS.defaultValue());
  }

  private static URI read(
      SettingsReader reader, String path, List<String> schemes, String example) {
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
      // A password in it is masked.
      String shown = text.contains("@") ? text.replaceAll("^([a-z]+://)?.*@", "$1***@") : text;
      reader.error(path, "'" + shown + "' is not an address such as " + example);
    }
    return NONE;
  }
}

package targets.relay;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import settings.SettingsReader;
import targets.shared.StoreSettings;
import targets.shared.TargetSpec.Setting;

/** Options that bridge and adapter share. */
final class RelayOptions {
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

  private static final long MIB = 1L << 20;
  private static final String DOMAIN = "[A-Za-z0-9_-]{1,64}";

  private RelayOptions() {}

  static Delivery delivery(SettingsReader reader) {
    String word = reader.oneOf("delivery", List.of(Delivery.CORE.word(), Delivery.DURABLE.word()));
    return word.equals(Delivery.DURABLE.word()) ? Delivery.DURABLE : Delivery.CORE;
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
}

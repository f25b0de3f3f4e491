package targets.relay.message;

import java.util.List;
import java.util.Locale;
import settings.SettingsReader;
import targets.shared.TargetSpec.Setting;

/** Delivery guarantee of the relay. */
public enum Delivery {
  /** Publish and subscribe all the way, as in the original: at most once. */
  CORE,
  /** Redis Streams and JetStream: every token once and in order, whichever process is killed. */
  DURABLE;

  /** The option of bridge and adapter. */
  public static final Setting OPTION =
      new Setting(
          "delivery", "core", "core: at most once; durable: exactly once, JetStream needed");

  /** Reads the option. */
  public static Delivery read(SettingsReader reader) {
    String word = reader.oneOf("delivery", List.of(CORE.word(), DURABLE.word()));
    return word.equals(DURABLE.word()) ? DURABLE : CORE;
  }

  /** Returns the value of the option. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

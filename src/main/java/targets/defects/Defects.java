package targets.defects;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.WeakHashMap;
import java.util.function.ToIntBiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import settings.Setting;
import settings.SettingsReader;
import targets.defects.CommonDefects.Requests;
import targets.shared.Delivery;
import targets.shared.Delivery.Result;
import targets.shared.Extension;
import targets.shared.PushClient;
import targets.shared.PushMessage;
import targets.shared.Service;
import targets.shared.TargetSpec;

/** The defects that are switched on in one target, with their values. Immutable. */
final class Defects {
  /** The defects of a target that pushes to many clients; see {@link #stopping}. */
  static final String STOPPING =
      "forget-subscriber[=50] in 1..9999999, stop-feed[=5] in 1..9999999";

  private static final String OPTION = "defect";

  /** Of every declared defect; empty while it is off. */
  private final Map<String, OptionalLong> values = new HashMap<>();

  /** Starts a target with its own defects, and the extension that has the common ones. */
  interface Start {
    Service start(SettingsReader reader, Defects defects, Extension common);
  }

  /** Reads {@code name} or {@code name=value}, several separated by commas. */
  Defects(SettingsReader reader, List<Defect> known) {
    known.forEach(defect -> values.put(defect.name(), OptionalLong.empty()));
    for (String part : reader.optionalText(OPTION).orElse("").split(",", -1)) {
      String[] words = part.strip().split("=", 2);
      Optional<Defect> named =
          known.stream().filter(defect -> defect.name().equals(words[0])).findFirst();
      if (named.isPresent()) {
        String given = words.length == 2 ? words[1] : "";
        long value = named.get().read(given, error -> reader.error(OPTION, error));
        values.put(words[0], OptionalLong.of(value));
      } else if (!words[0].isEmpty()) {
        reader.error(OPTION, "'" + words[0] + "' is unknown; choose of " + names(known));
      }
    }
  }

  /**
   * Returns the specification of a target with the option {@code --defect}.
   *
   * @param requests what some of the common defects happen at
   * @param own the declarations of the target's own defects, in the order of the help
   */
  static TargetSpec around(TargetSpec honest, Requests requests, String own, Start start) {
    List<Defect> known =
        Stream.concat(Defect.all(own).stream(), CommonDefects.ALL.stream()).toList();
    return honest.with(
        new Setting(OPTION, "", "defects to plant: " + names(known), List.class),
        reader -> {
          Defects defects = new Defects(reader, known);
          if (requests.equals(Requests.NONE) && defects.hasAny(CommonDefects.AT_REQUESTS)) {
            String reason = "fd-leak, thread-leak and error need requests; ";
            reader.error(OPTION, reason + honest.name() + " answers none");
          }
          return start.start(reader, defects, new CommonDefects(defects, requests));
        });
  }

  /**
   * Returns true if a defect is switched on.
   *
   * @throws IllegalArgumentException if none of that name is declared, which is a mistake in the
   *     code: the defect would stay off in silence
   */
  boolean has(String name) {
    return find(name).isPresent();
  }

  boolean hasAny(List<String> names) {
    return names.stream().anyMatch(this::has);
  }

  /** Returns a defect's value; 0 while it is off. */
  long value(String name) {
    return find(name).orElse(0);
  }

  /** Returns true for one number in as many as the defect's value; never while it is off. */
  boolean hits(String name, long number) {
    return has(name) && Math.floorMod(number, value(name)) == 0;
  }

  /** Returns true for numbers above the defect's value; never while it is off. */
  boolean ends(String name, long number) {
    return has(name) && number > value(name);
  }

  /** Returns the honest part, decorated if the defect is on. */
  <T> T plant(String name, T honest, UnaryOperator<T> decorator) {
    return has(name) ? decorator.apply(honest) : honest;
  }

  /**
   * Returns a delivery to the clients of one event loop that stops while the connections live on:
   * by {@code forget-subscriber} after so many messages to a client, by {@code stop-feed} after so
   * many of one feed; messages that no newer one replaces are a feed together.
   */
  <M extends PushMessage> Delivery<M> stopping(Delivery<M> honest) {
    Map<PushClient<M>, Map<String, Long>> delivered = new WeakHashMap<>();
    return !hasAny(List.of("forget-subscriber", "stop-feed"))
        ? honest
        : repeated(
            honest,
            (client, message) -> {
              var counts = delivered.computeIfAbsent(client, unused -> new HashMap<>());
              String feed = "feed " + message.feed().orElse("");
              boolean ends =
                  ends("stop-feed", counts.merge(feed, 1L, Long::sum))
                      || ends("forget-subscriber", counts.merge("", 1L, Long::sum));
              return ends ? 0 : 1;
            });
  }

  /** Returns a delivery that happens another number of times, which the target does not notice. */
  static <M extends PushMessage> Delivery<M> repeated(
      Delivery<M> honest, ToIntBiFunction<PushClient<M>, M> times) {
    return (client, message) -> {
      Result result = Result.DELIVERED;
      for (int left = times.applyAsInt(client, message); left > 0 && client.isOpen(); left--) {
        result = honest.deliver(client, message);
      }
      return result;
    };
  }

  private OptionalLong find(String name) {
    OptionalLong value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no defect is declared as " + name);
    }
    return value;
  }

  private static String names(List<Defect> defects) {
    return defects.stream().map(Defect::name).collect(Collectors.joining(", "));
  }
}

package targets.defects;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import settings.Setting;
import settings.SettingsReader;
import targets.defects.CommonDefects.Requests;
import targets.shared.Clocks;
import targets.shared.Delivery;
import targets.shared.Delivery.Result;
import targets.shared.Extension;
import targets.shared.PushClient;
import targets.shared.PushMessage;
import targets.shared.Target;
import targets.shared.TargetSpec;

/** The defects that are switched on in one target, with their values. Immutable. */
final class Defects {
  /** The defects of a target that pushes to many clients; see {@link #stopping}. */
  static final List<Defect> STOPPING =
      List.of(
          Defect.counted("forget-subscriber", 50, 1, 9_999_999),
          Defect.counted("stop-feed", 5, 1, 9_999_999));

  private static final String OPTION = "defect";

  private final Map<String, Long> values = new HashMap<>();
  private final Set<String> known;

  /** Starts a target with its own defects, and the extension that has the common ones. */
  interface Start {
    Target start(SettingsReader reader, Defects defects, Extension common);
  }

  /** Reads {@code name} or {@code name=value}, several separated by commas. */
  Defects(SettingsReader reader, List<Defect> known) {
    this.known = known.stream().map(Defect::name).collect(Collectors.toSet());
    for (String part : reader.optionalText(OPTION).orElse("").split(",", -1)) {
      String[] words = part.strip().split("=", 2);
      Optional<Defect> named =
          known.stream().filter(defect -> defect.name().equals(words[0])).findFirst();
      if (named.isPresent()) {
        String value = words.length == 2 ? words[1] : "";
        values.put(words[0], named.get().read(value, error -> reader.error(OPTION, error)));
      } else if (!words[0].isEmpty()) {
        reader.error(OPTION, "'" + words[0] + "' is unknown; choose of " + names(known));
      }
    }
  }

  /** Returns a target's own defects together with those that it shares with others. */
  static List<Defect> with(List<Defect> shared, Defect... own) {
    return Stream.concat(Stream.of(own), shared.stream()).toList();
  }

  /**
   * Returns the specification of a target with the option {@code --defect}.
   *
   * @param requests what some of the common defects happen at
   * @param own the defects that only this target has, in the order of the help
   */
  static TargetSpec around(TargetSpec honest, Requests requests, List<Defect> own, Start start) {
    List<Defect> known = Stream.concat(own.stream(), CommonDefects.ALL.stream()).toList();
    return honest.with(
        new Setting(OPTION, "", "defects to plant: " + names(known), List.class),
        reader -> {
          Defects defects = new Defects(reader, known);
          CommonDefects common = new CommonDefects(defects, requests, Clocks.SYSTEM.nano());
          if (requests.equals(Requests.NONE) && common.needRequests()) {
            String reason = "fd-leak, thread-leak and error need requests; ";
            reader.error(OPTION, reason + honest.name() + " answers none");
          }
          return start.start(reader, defects, common);
        });
  }

  /**
   * Returns true if a defect is switched on.
   *
   * @throws IllegalArgumentException if none of that name is declared, which is a mistake in the
   *     code: the defect would stay off in silence
   */
  boolean has(String name) {
    if (!known.contains(name)) {
      throw new IllegalArgumentException("no defect is declared as " + name);
    }
    return values.containsKey(name);
  }

  boolean hasAny(List<Defect> defects) {
    return defects.stream().map(Defect::name).anyMatch(this::has);
  }

  /** Returns a defect's value; 0 while it is off. */
  long value(String name) {
    return has(name) ? values.get(name) : 0;
  }

  /** Returns true for one number in as many as the defect's value; never while it is off. */
  boolean hits(String name, long number) {
    return has(name) && Math.floorMod(number, value(name)) == 0;
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
    Delivery<M> delivery =
        plant(
            "forget-subscriber",
            honest,
            all -> stopping(all, value("forget-subscriber"), message -> ""));
    return plant(
        "stop-feed",
        delivery,
        all -> stopping(all, value("stop-feed"), message -> message.feed().orElse("")));
  }

  private static <M extends PushMessage> Delivery<M> stopping(
      Delivery<M> honest, long after, Function<M, String> feed) {
    Map<PushClient<M>, Map<String, Long>> delivered = new WeakHashMap<>();
    return (client, message) -> {
      long number =
          delivered
              .computeIfAbsent(client, unused -> new HashMap<>())
              .merge(feed.apply(message), 1L, Long::sum);
      return number > after ? Result.DELIVERED : honest.deliver(client, message);
    };
  }

  private static String names(List<Defect> defects) {
    return defects.stream().map(Defect::name).collect(Collectors.joining(", "));
  }
}

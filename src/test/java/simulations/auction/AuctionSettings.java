package simulations.auction;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import settings.SettingsReader;
import simulations.auction.AuctionTargets.Part;
import simulations.auction.Bidding.Mix;
import simulations.run.SimulationSettings;

/**
 * The settings that every simulation of the auction has.
 *
 * @param apiOption the option of the bid service's address, for messages
 * @param api bid service of the user's own, such as http://127.0.0.1:8080; nothing is started then
 * @param socket address of its viewers without the path, such as ws://127.0.0.1:8081
 * @param parts of the bundled auction that are needed, with their options, such as {@code
 *     --strategy lua}
 * @param timeout of an answer
 * @param drainWithin how long accepted bids may take to every viewer and into the archive
 */
public record AuctionSettings(
    String apiOption,
    Optional<URI> api,
    Optional<URI> socket,
    Map<Part, List<String>> parts,
    Duration timeout,
    Duration drainWithin) {
  private static final String SOCKET_OPTION = "ws-url";
  private static final int HUNDRED = 100;
  private static final int THREADS_MAX = 1024;
  private static final String ITEM = "[A-Za-z0-9_-]{1,100}";
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MARGIN = Duration.ofMinutes(2);
  private static final Duration HOUR = Duration.ofHours(1);

  /**
   * The users of a closed load.
   *
   * @param count of all
   * @param rampup how long they take to arrive, whole seconds
   * @param runTime until nothing new is begun, from the first arrival on
   * @param warmup length of the warm-up, whole seconds
   * @param mix of the bids
   */
  public record Users(int count, Duration rampup, Duration runTime, Duration warmup, Mix mix) {
    /** Returns how long all of them are there. */
    public Duration hold() {
      return runTime.compareTo(rampup) > 0 ? runTime.minus(rampup) : Duration.ZERO;
    }

    /** Reports a run that ends before all users are there. */
    public void check(SettingsReader from, String options) {
      if (from.isRight() && hold().isZero()) {
        from.error(
            "run-time",
            "must be longer than the "
                + rampup.toSeconds()
                + " s in which the users come ("
                + options
                + ")");
      }
    }
  }

  /** The settings of a simulation of a closed load of users. */
  public interface OfUsers extends SimulationSettings {
    /** Returns the settings of the auction. */
    AuctionSettings auction();

    /** Returns the users. */
    Users users();

    /** Returns the names of the items, the most popular first. */
    List<String> itemNames(String runName);

    /** The bound holds also with a service that does not answer. */
    @Override
    default Duration longest() {
      return users()
          .warmup()
          .multipliedBy(3)
          .plus(users().rampup())
          .plus(users().runTime())
          .plus(auction().timeout().multipliedBy(4))
          .plus(auction().drainWithin().multipliedBy(2))
          .plus(MARGIN);
    }
  }

  /**
   * The one item that all users bid on.
   *
   * @param name empty for one of the run's own
   * @param viewers of the item that are not part of the load
   */
  public record OneItem(Optional<String> name, int viewers) {
    private static final int VIEWERS_MAX = 100;

    /** Reads {@code item} and {@code viewers}. */
    public static OneItem read(SettingsReader from) {
      return new OneItem(item(from, "item"), from.integer("viewers", 0, VIEWERS_MAX));
    }

    /** Returns the names of the items. */
    public List<String> names(String runName) {
      return List.of(name.orElse(runName));
    }
  }

  /**
   * Reads the settings; errors go to the reader.
   *
   * @param apiOption names the bid service's address, such as host
   * @param needed parts of the bundled auction
   */
  public static AuctionSettings read(SettingsReader from, String apiOption, Set<Part> needed) {
    Optional<URI> api = from.httpUrl(apiOption);
    Optional<URI> socket = from.wsUrl(SOCKET_OPTION, "ws://127.0.0.1:8081");
    if (socket.isPresent() && from.isRight() && api.isEmpty()) {
      from.error(
          SOCKET_OPTION,
          "is for an auction of your own; name its bid service too, by -D" + apiOption);
    }
    Map<Part, List<String>> parts = new EnumMap<>(Part.class);
    for (Part part : needed) {
      List<String> options = new ArrayList<>();
      from.optionalText(part.defectOption())
          .ifPresent(
              defect -> {
                options.addAll(List.of("--defect", defect));
                if (api.isPresent()) {
                  from.error(
                      part.defectOption(), "a defect can only be planted in the bundled auction");
                }
              });
      parts.put(part, options);
    }
    parts
        .get(Part.BIDS)
        .addAll(List.of("--strategy", from.oneOf("strategy", List.of("lua", "optimistic"))));
    return new AuctionSettings(
        apiOption,
        api,
        socket,
        parts,
        from.duration("timeout", Duration.ofMillis(10), HOUR),
        from.duration("drain-within", SECOND, HOUR));
  }

  /** Reads the settings of a simulation that needs all parts, {@code bid-threads} included. */
  public static AuctionSettings readAll(SettingsReader from, String apiOption) {
    int threads = from.integer("bid-threads", 1, THREADS_MAX);
    return read(from, apiOption, Set.of(Part.values()))
        .with(Part.BIDS, "--threads", Integer.toString(threads));
  }

  /** Returns the same with more options of one part. */
  public AuctionSettings with(Part part, String... more) {
    Map<Part, List<String>> all = new EnumMap<>(parts);
    List<String> options = new ArrayList<>(parts.get(part));
    options.addAll(List.of(more));
    all.put(part, options);
    return new AuctionSettings(apiOption, api, socket, all, timeout, drainWithin);
  }

  /** Returns true if the auction is the user's own: nothing is started. */
  public boolean isOwn() {
    return api.isPresent();
  }

  /** Reports an auction of the user's own to whose viewers no address leads. */
  public void checkSocket(SettingsReader from) {
    if (isOwn() && socket.isEmpty()) {
      from.error(SOCKET_OPTION, "is missing; name where viewers of your own auction connect");
    }
  }

  /** Reads {@code reads} and {@code losers}. */
  public static Mix mix(SettingsReader from, long seed) {
    return new Mix(from.integer("reads", 0, HUNDRED), from.integer("losers", 0, HUNDRED - 1), seed);
  }

  /** Reads the name of an item; empty for one of the run's own. */
  public static Optional<String> item(SettingsReader from, String option) {
    Optional<String> item = from.optionalText(option);
    item.filter(name -> !name.matches(ITEM))
        .ifPresent(
            name ->
                from.error(option, "'" + name + "' is not 1 to 100 letters, digits, '-' or '_'"));
    return item;
  }
}

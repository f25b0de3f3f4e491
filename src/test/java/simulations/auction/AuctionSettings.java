package simulations.auction;

import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import settings.Option;
import settings.SettingsReader;
import simulations.auction.AuctionTargets.Part;
import simulations.run.SimulationSettings;
import simulations.run.Slos;
import verdict.Numbers;

/**
 * The settings that every simulation of the auction has.
 *
 * @param apiOption the option of the bid service's address, for messages
 * @param parts of the bundled auction that are needed
 * @param maxViewers bound of connections at the broadcast service; empty for its own
 */
public record AuctionSettings(
    String apiOption,
    Set<Part> parts,
    Optional<Integer> maxViewers,
    Service service,
    BidForm form) {
  /** The name of an item, and the error of another text. */
  public static final String ITEM = "[A-Za-z0-9_-]{1,100}";

  public static final String NO_ITEM = "is not 1 to 100 letters, digits, '-' or '_'";

  /** What SLOs may limit: the answer to a single request, or one bid at one viewer. */
  public static final Slos.Unit REQUEST =
      new Slos.Unit(
          "request",
          List.of(
              "bid_accepted", "bid_rejected", "bid_due", "bid_read", "browse", "broadcast_lag"));

  private static final String SOCKET_OPTION = "ws-url";
  private static final Duration MARGIN = Duration.ofMinutes(2);

  enum Strategy {
    LUA,
    OPTIMISTIC
  }

  /**
   * The services of the auction.
   *
   * @param host bid service of the user's own; nothing is started then
   * @param apiUrl the same, by its name in other simulations
   * @param socket address of viewers without the path, such as ws://127.0.0.1:8081
   * @param timeout of an answer
   * @param drainWithin how long accepted bids may take to every viewer and into the archive
   * @param bidThreads of a simulation that has that option
   * @param broadcastPeer takes the broadcast service's place
   */
  public record Service(
      @Option(like = "http://127.0.0.1:10080") Optional<URI> host,
      @Option(like = "http://127.0.0.1:10080") Optional<URI> apiUrl,
      @Option(name = SOCKET_OPTION, like = "ws://127.0.0.1:8081") Optional<URI> socket,
      @Option(in = "10ms..1h") Duration timeout,
      @Option(in = "1s..1h") Duration drainWithin,
      @Option Strategy strategy,
      @Option(in = "1..1024") Optional<Integer> bidThreads,
      @Option(name = "bid.defect") Optional<String> bidDefect,
      @Option(name = "broadcast.defect") Optional<String> broadcastDefect,
      @Option(
              name = "broadcast.peer",
              matches = "nchan",
              otherwise = "is no peer of the broadcast service; nchan is one")
          Optional<String> broadcastPeer,
      @Option(name = "archive.defect") Optional<String> archiveDefect) {}

  /**
   * The users of a closed load.
   *
   * @param rampup how long they take to arrive, whole seconds
   * @param runTime until nothing new is begun, from the first arrival on
   */
  public record Users(int count, Duration rampup, Duration runTime) {
    /** Returns how long all of them are there. */
    public Duration hold() {
      return runTime.compareTo(rampup) > 0 ? runTime.minus(rampup) : Duration.ZERO;
    }

    /** Reports a run that ends before all users are there. */
    public void check(SettingsReader from, String options) {
      if (from.isRight() && hold().isZero()) {
        from.error(
            "run-time",
            Numbers.sentence(
                "must be longer than the %s in which the users come (%s)", rampup, options));
      }
    }
  }

  /**
   * What a bidder does.
   *
   * @param reads per cent of rounds that begin with a read of the price; the others follow the last
   *     answer
   * @param losers per cent of bids that must lose: half of them equal a price that was seen, half
   *     are below
   */
  public record Mix(@Option(in = "0..100") int reads, @Option(in = "0..99") int losers) {}

  /** The one item that all users bid on, and the number of viewers beside the load. */
  public record OneItem(
      @Option(matches = ITEM, otherwise = NO_ITEM) Optional<String> item,
      @Option(in = "0..100") int viewers) {}

  /** The settings of a simulation of a closed load of users. */
  public interface OfUsers extends SimulationSettings {
    AuctionSettings auction();

    Users users();

    Mix mix();

    /** Returns the mean time from an answer to a user's next bid; 0 if a schedule has the times. */
    default Duration think() {
      return Duration.ZERO;
    }

    /** Returns the names of the items, the most popular first. */
    List<String> itemNames(String runName);

    /** The bound holds also with a service that does not answer. */
    @Override
    default Duration longest() {
      return common()
          .warmup()
          .multipliedBy(3)
          .plus(users().rampup())
          .plus(users().runTime())
          .plus(auction().service.timeout.multipliedBy(4))
          .plus(auction().service.drainWithin.multipliedBy(2))
          .plus(MARGIN);
    }
  }

  /** The settings of users who all bid on one item. */
  public interface OnOneItem extends OfUsers {
    OneItem item();

    @Override
    default List<String> itemNames(String runName) {
      return List.of(item().item().orElse(runName));
    }
  }

  /** Reads the settings of a simulation that needs all parts; errors go to the reader. */
  public static AuctionSettings read(SettingsReader from, String apiOption) {
    return read(from, apiOption, EnumSet.allOf(Part.class), Optional.empty());
  }

  /** Reads the settings of a simulation that needs some parts. */
  public static AuctionSettings read(
      SettingsReader from, String apiOption, Set<Part> parts, Optional<Integer> maxViewers) {
    AuctionSettings settings =
        new AuctionSettings(
            apiOption, parts, maxViewers, from.read(Service.class), from.read(BidForm.class));
    if (from.isRight() && !settings.isOwn() && !settings.form.equals(BidForm.ORIGINAL)) {
      from.error("bid.*", "is for a bid service of your own; name it too, by -D" + apiOption);
    }
    if (settings.service.socket.isPresent() && from.isRight() && !settings.isOwn()) {
      from.error(
          SOCKET_OPTION,
          "is for an auction of your own; name its bid service too, by -D" + apiOption);
    }
    boolean isPlanted = settings.service.broadcastDefect.isPresent();
    if (settings.service.broadcastPeer.isPresent() && (settings.isOwn() || isPlanted)) {
      String sentence = "a peer takes the bundled broadcast's place: leave -D%s and -D%s out";
      String defect = Part.BROADCAST.defectOption();
      from.error("broadcast.peer", sentence.formatted(apiOption, defect));
    }
    for (Part part : parts) {
      if (settings.isOwn() && settings.defect(part).isPresent()) {
        from.error(part.defectOption(), "a defect can only be planted in the bundled auction");
      }
    }
    return settings;
  }

  Optional<URI> api() {
    return service.host.or(() -> service.apiUrl);
  }

  /** Returns true if the auction is the user's own: nothing is started. */
  boolean isOwn() {
    return api().isPresent();
  }

  /** Reports an auction of the user's own to whose viewers no address leads. */
  public void checkSocket(SettingsReader from) {
    if (isOwn() && service.socket.isEmpty()) {
      from.error(SOCKET_OPTION, "is missing; name where viewers of your own auction connect");
    }
  }

  List<String> options(Part part) {
    Stream<String> strategy =
        Stream.of("--strategy", service.strategy.name().toLowerCase(Locale.ROOT));
    return switch (part) {
      case BIDS -> Stream.concat(strategy, option("--threads", service.bidThreads)).toList();
      case BROADCAST -> option("--max-viewers", maxViewers).toList();
      case ARCHIVE -> List.of();
    };
  }

  Optional<String> defect(Part part) {
    return switch (part) {
      case BIDS -> service.bidDefect;
      case BROADCAST -> service.broadcastDefect;
      case ARCHIVE -> service.archiveDefect;
    };
  }

  private static Stream<String> option(String name, Optional<Integer> count) {
    return count.stream().flatMap(value -> Stream.of(name, value.toString()));
  }
}

package simulations.mixed;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import kpi.Phase;
import settings.SettingsReader;
import simulations.auction.AuctionSettings;
import simulations.auction.AuctionSettings.Users;
import simulations.run.CommonSettings;
import simulations.run.SuiteConfig;

/**
 * The settings of the mixed workload.
 *
 * @param common the settings of every simulation
 * @param auction the settings of every simulation of the auction
 * @param users all of them
 * @param bidders number of users that bid on one item each
 * @param viewers number of users that view one item each
 * @param items number of items
 * @param skew exponent of Zipf's law, by which users are drawn to items
 * @param think mean time from an answer to a bidder's next bid
 * @param browse mean time from an answer to a browser's next look
 */
public record MixedSettings(
    CommonSettings common,
    AuctionSettings auction,
    Users users,
    int bidders,
    int viewers,
    int items,
    double skew,
    Duration think,
    Duration browse)
    implements AuctionSettings.OfUsers {
  private static final int USERS_MAX = 50_000;
  private static final int ITEMS_MAX = 1_000;
  private static final double SKEW_MAX = 5;
  private static final double HUNDRED = 100;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);

  /**
   * Reads the settings.
   *
   * @throws settings.BadSettings with every wrong value
   */
  public static MixedSettings read(SuiteConfig config) {
    SettingsReader from = config.reader();
    double slackMs = from.duration("latency-slack", Duration.ZERO, HOUR).toNanos() / 1e6;
    CommonSettings common =
        CommonSettings.read(config, "MixedWorkloadSimulation", Map.of("slack", slackMs));
    int bidders = from.integer("bidders", 1, USERS_MAX);
    int viewers = from.integer("viewers", 0, USERS_MAX);
    int browsers = from.integer("browsers", 0, USERS_MAX);
    MixedSettings settings =
        new MixedSettings(
            common,
            AuctionSettings.readAll(from, "api-url"),
            new Users(
                bidders + viewers + browsers,
                from.wholeSeconds("rampup", SECOND, HOUR),
                from.duration("run-time", SECOND, Duration.ofDays(1)),
                common.warmup(),
                AuctionSettings.mix(from, common.seed())),
            bidders,
            viewers,
            from.integer("items", 1, ITEMS_MAX),
            from.decimal("skew", 0, SKEW_MAX),
            from.duration("think", Duration.ZERO, HOUR),
            from.duration("browse", Duration.ZERO, HOUR));
    settings.auction.checkSocket(from);
    settings.users.check(from, "-Drampup");
    from.finish();
    return settings;
  }

  @Override
  public List<String> itemNames(String runName) {
    return IntStream.rangeClosed(1, items).mapToObj(number -> runName + "-" + number).toList();
  }

  /** Returns how long a viewer stays at most. */
  Duration stay(Phase phase) {
    return phase == Phase.WARM_UP
        ? users.warmup()
        : users.rampup().plus(users.runTime()).plus(auction.timeout()).plus(auction.drainWithin());
  }

  @Override
  public String sentence() {
    return String.format(
        Locale.ROOT,
        "%,d bidders, %,d viewers and %,d browsers come over %d s and stay until %d s have passed,"
            + " on %,d items by Zipf's law with exponent %s (the first draws %.0f %% of them); a"
            + " warm-up of %d s is cut.",
        bidders,
        viewers,
        users.count() - bidders - viewers,
        users.rampup().toSeconds(),
        users.runTime().toSeconds(),
        items,
        skew,
        HUNDRED * new Zipf(items, skew).share(0),
        common.warmup().toSeconds());
  }
}

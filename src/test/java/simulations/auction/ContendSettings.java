package simulations.auction;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import settings.SettingsReader;
import simulations.auction.AuctionSettings.OneItem;
import simulations.auction.AuctionSettings.Users;
import simulations.run.CommonSettings;
import simulations.run.SuiteConfig;

/**
 * The settings of the contended bids.
 *
 * @param common the settings of every simulation
 * @param auction the settings of every simulation of the auction
 * @param users that bid
 * @param think mean time from an answer to the user's next round
 * @param item that all users bid on, and its viewers
 */
public record ContendSettings(
    CommonSettings common, AuctionSettings auction, Users users, Duration think, OneItem item)
    implements AuctionSettings.OfUsers {
  private static final int USERS_MAX = 50_000;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);

  /**
   * Reads the settings.
   *
   * @throws settings.BadSettings with every wrong value
   */
  public static ContendSettings read(SuiteConfig config) {
    SettingsReader from = config.reader();
    double slackMs = from.duration("latency-slack", Duration.ZERO, HOUR).toNanos() / 1e6;
    CommonSettings common =
        CommonSettings.read(config, "ContendedBidsSimulation", Map.of("slack", slackMs));
    int users = from.integer("users", 1, USERS_MAX);
    double perS = from.decimal("spawn-rate", 0.01, USERS_MAX);
    ContendSettings settings =
        new ContendSettings(
            common,
            AuctionSettings.readAll(from, "host"),
            new Users(
                users,
                Duration.ofSeconds(Math.max(1, (long) Math.ceil(users / perS))),
                from.duration("run-time", SECOND, Duration.ofDays(1)),
                common.warmup(),
                AuctionSettings.mix(from, common.seed())),
            from.duration("think", Duration.ZERO, HOUR),
            OneItem.read(from));
    settings.users.check(from, "-Dusers divided by -Dspawn-rate");
    from.finish();
    return settings;
  }

  @Override
  public List<String> itemNames(String runName) {
    return item.names(runName);
  }

  @Override
  public String sentence() {
    return String.format(
        Locale.ROOT,
        "%,d users come over %d s and bid on one item until %d s have passed, each about %s s after"
            + " its last answer; %d %% of the bids must lose; a warm-up of %d s is cut.",
        users.count(),
        users.rampup().toSeconds(),
        users.runTime().toSeconds(),
        think.toMillis() / 1e3,
        users.mix().losersPct(),
        common.warmup().toSeconds());
  }
}

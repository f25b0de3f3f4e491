package simulations.contend;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import settings.SettingsReader;
import simulations.auction.AuctionSettings;
import simulations.auction.AuctionSettings.Users;
import simulations.run.CommonSettings;
import simulations.run.SimulationSettings;
import simulations.run.SuiteConfig;

/**
 * The settings of the contended bids.
 *
 * @param common the settings of every simulation
 * @param auction the settings of every simulation of the auction
 * @param users that bid
 * @param think mean time from an answer to the user's next round
 * @param viewers of the item that are not part of the load
 * @param item that all bid on; empty for one of the run's own
 */
public record ContendSettings(
    CommonSettings common,
    AuctionSettings auction,
    Users users,
    Duration think,
    int viewers,
    Optional<String> item)
    implements SimulationSettings {
  private static final int USERS_MAX = 50_000;
  private static final int VIEWERS_MAX = 100;
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
            from.integer("viewers", 0, VIEWERS_MAX),
            AuctionSettings.item(from, "item"));
    settings.users.check(from, "-Dusers divided by -Dspawn-rate");
    from.finish();
    return settings;
  }

  /** Returns the items that are bid on. */
  public List<String> items(String runName) {
    return List.of(item.orElse(runName));
  }

  @Override
  public Duration longest() {
    return auction.longest(users);
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

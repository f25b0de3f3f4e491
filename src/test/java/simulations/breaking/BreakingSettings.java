package simulations.breaking;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import settings.SettingsReader;
import simulations.auction.AuctionSettings;
import simulations.auction.AuctionSettings.OneItem;
import simulations.auction.AuctionSettings.Users;
import simulations.run.CommonSettings;
import simulations.run.SuiteConfig;

/**
 * The settings of the breaking point.
 *
 * @param common the settings of every simulation
 * @param auction the settings of every simulation of the auction
 * @param steps of load
 * @param users whose number limits the bids under way
 * @param item that all users bid on, and its viewers
 */
public record BreakingSettings(
    CommonSettings common,
    AuctionSettings auction,
    StepSchedule.Plan steps,
    Users users,
    OneItem item)
    implements AuctionSettings.OfUsers {
  private static final int USERS_MAX = 20_000;
  private static final double RATE_MAX = 1e6;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration RAMP = Duration.ofSeconds(4);

  /**
   * Reads the settings.
   *
   * @throws settings.BadSettings with every wrong value
   */
  public static BreakingSettings read(SuiteConfig config) {
    SettingsReader from = config.reader();
    CommonSettings common = CommonSettings.read(config, "BreakingPointSimulation", Map.of());
    StepSchedule.Plan steps = steps(from);
    BreakingSettings settings =
        new BreakingSettings(
            common,
            AuctionSettings.readAll(from, "host"),
            steps,
            new Users(
                from.integer("users", 1, USERS_MAX),
                RAMP,
                RAMP.plus(steps.longest()),
                common.warmup(),
                AuctionSettings.mix(from, common.seed())),
            OneItem.read(from));
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
        "%s bids a second on one item, then %s times as many every %s s, until more than %s %% fail"
            + " or their p99 is above %d ms, at most %d steps; a warm-up of %d s is cut.",
        steps.startPerS(),
        steps.factor(),
        steps.stepTime().toMillis() / 1e3,
        steps.errorPct(),
        steps.p99Bound().toMillis(),
        steps.steps(),
        common.warmup().toSeconds());
  }

  private static StepSchedule.Plan steps(SettingsReader from) {
    StepSchedule.Plan plan =
        new StepSchedule.Plan(
            from.decimal("start", 1, RATE_MAX),
            from.decimal("factor", 1.01, 10),
            from.duration("step-time", SECOND, Duration.ofHours(1)),
            from.integer("steps", 1, 100),
            from.duration("p99-bound", Duration.ofMillis(1), Duration.ofMinutes(1)),
            from.decimal("error-bound", 0, 100));
    if (from.isRight() && plan.perS(plan.steps() - 1) > RATE_MAX) {
      from.error("steps", "lead to more than a million bids a second; take fewer, or a -Dfactor");
    }
    return plan;
  }
}

package simulations.breaking;

import java.time.Duration;
import settings.Option;
import settings.SettingsReader;
import simulations.auction.AuctionSettings;
import simulations.auction.AuctionSettings.Mix;
import simulations.auction.AuctionSettings.OneItem;
import simulations.auction.AuctionSettings.Users;
import simulations.run.CommonSettings;
import simulations.run.SuiteConfig;

/** The settings of the breaking point. */
public record BreakingSettings(
    CommonSettings common,
    AuctionSettings auction,
    StepSchedule.Plan steps,
    Limit limit,
    Mix mix,
    OneItem item)
    implements AuctionSettings.OnOneItem {
  private static final double RATE_MAX = 1e6;
  private static final Duration RAMP = Duration.ofSeconds(4);

  /** Number of users, which limits the bids under way. */
  record Limit(@Option(in = "1..20000") int users) {}

  /** Reads the settings, or throws BadSettings with every wrong value. */
  public static BreakingSettings read(SuiteConfig config) {
    SettingsReader from = config.reader();
    StepSchedule.Plan steps = from.read(StepSchedule.Plan.class);
    if (from.isRight() && steps.perS(steps.steps() - 1) > RATE_MAX) {
      from.error("steps", "lead to more than a million bids a second; take fewer, or a -Dfactor");
    }
    BreakingSettings settings =
        new BreakingSettings(
            CommonSettings.read(config, AuctionSettings.REQUEST),
            AuctionSettings.read(from, "host"),
            steps,
            from.read(Limit.class),
            from.read(Mix.class),
            from.read(OneItem.class));
    from.finish();
    return settings;
  }

  @Override
  public Users users() {
    return new Users(limit.users(), RAMP, RAMP.plus(steps.longest()));
  }
}

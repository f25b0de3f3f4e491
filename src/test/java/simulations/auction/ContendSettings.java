package simulations.auction;

import java.time.Duration;
import settings.Option;
import settings.SettingsReader;
import simulations.auction.AuctionSettings.Mix;
import simulations.auction.AuctionSettings.OneItem;
import simulations.auction.AuctionSettings.Users;
import simulations.run.CommonSettings;
import simulations.run.SuiteConfig;

/** The settings of the contended bids. */
public record ContendSettings(
    CommonSettings common, AuctionSettings auction, Load load, Mix mix, OneItem item)
    implements AuctionSettings.OnOneItem {
  /**
   * The load.
   *
   * @param spawnRate users that come in a second
   * @param think mean time from an answer to the user's next round
   */
  public record Load(
      @Option(in = "1..50000") int users,
      @Option(in = "0.01..50000") double spawnRate,
      @Option(in = "1s..1d") Duration runTime,
      @Option(in = "0..1h") Duration think,
      @Option(in = "0..1h", word = "slack") Duration latencySlack) {}

  /** Reads the settings, or throws BadSettings with every wrong value. */
  public static ContendSettings read(SuiteConfig config) {
    SettingsReader from = config.reader();
    Load load = from.read(Load.class);
    ContendSettings settings =
        new ContendSettings(
            CommonSettings.read(config, AuctionSettings.REQUEST),
            AuctionSettings.read(from, "host"),
            load,
            from.read(Mix.class),
            from.read(OneItem.class));
    settings.users().check(from, "-Dusers divided by -Dspawn-rate");
    from.finish();
    return settings;
  }

  @Override
  public Duration think() {
    return load.think();
  }

  @Override
  public Users users() {
    long rampS = Math.max(1, (long) Math.ceil(load.users() / load.spawnRate()));
    return new Users(load.users(), Duration.ofSeconds(rampS), load.runTime());
  }
}

package simulations.mixed;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import kpi.Phase;
import org.apache.commons.statistics.distribution.ZipfDistribution;
import settings.Option;
import settings.Option.Form;
import settings.SettingsReader;
import simulations.auction.AuctionSettings;
import simulations.auction.AuctionSettings.Mix;
import simulations.auction.AuctionSettings.Users;
import simulations.run.CommonSettings;
import simulations.run.SuiteConfig;
import verdict.Numbers;

/** The settings of the mixed workload. */
public record MixedSettings(CommonSettings common, AuctionSettings auction, Load load, Mix mix)
    implements AuctionSettings.OfUsers {
  /**
   * The load.
   *
   * @param bidders number of users that bid on one item each
   * @param viewers number of users that view one item each
   * @param skew exponent of Zipf's law, by which users are drawn to items
   * @param think mean time from an answer to a bidder's next bid
   * @param browse mean time from an answer to a browser's next look
   */
  public record Load(
      @Option(in = "1..50000") int bidders,
      @Option(in = "0..50000") int viewers,
      @Option(in = "0..50000") int browsers,
      @Option(in = "1..1000") int items,
      @Option(in = "0..5") double skew,
      @Option(in = "1s..1h", form = Form.SECONDS) Duration rampup,
      @Option(in = "1s..1d") Duration runTime,
      @Option(in = "0..1h") Duration think,
      @Option(in = "0..1h") Duration browse,
      @Option(in = "0..1h", word = "slack") Duration latencySlack) {}

  /** Reads the settings, or throws BadSettings with every wrong value. */
  public static MixedSettings read(SuiteConfig config) {
    SettingsReader from = config.reader();
    Load load = from.read(Load.class);
    CommonSettings common = CommonSettings.read(config, AuctionSettings.REQUEST);
    AuctionSettings auction = AuctionSettings.read(from, "api-url");
    MixedSettings settings = new MixedSettings(common, auction, load, from.read(Mix.class));
    settings.auction.checkSocket(from);
    settings.users().check(from, "-Drampup");
    from.finish();
    return settings;
  }

  @Override
  public Duration think() {
    return load.think();
  }

  @Override
  public Users users() {
    int count = load.bidders() + load.viewers() + load.browsers();
    return new Users(count, load.rampup(), load.runTime());
  }

  @Override
  public List<String> itemNames(String runName) {
    return IntStream.rangeClosed(1, load.items())
        .mapToObj(number -> runName + "-" + number)
        .toList();
  }

  Duration stay(Phase phase) {
    AuctionSettings.Service service = auction.service();
    return phase == Phase.WARM_UP
        ? common.warmup()
        : load.rampup.plus(load.runTime).plus(service.timeout()).plus(service.drainWithin());
  }

  @Override
  public String description() {
    return Numbers.sentence(
        "%s bidders, %s viewers and %s browsers come over %s and stay until %s have passed, on %s"
            + " items by Zipf's law with exponent %s (the first draws %s %% of them)",
        load.bidders(),
        load.viewers(),
        load.browsers(),
        load.rampup(),
        load.runTime(),
        load.items(),
        load.skew(),
        Math.round(100 * ZipfDistribution.of(load.items(), load.skew()).probability(1)));
  }
}

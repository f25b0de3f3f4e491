package simulations.auction;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import settings.SettingsReader;
import simulations.run.BundledProcesses;

/**
 * How the bundled services are started.
 *
 * @param parts which of them a simulation needs
 * @param options of each part beyond the addresses of its servers, such as {@code --strategy lua}
 * @param defects planted in each part; no entry for none
 * @param processes how each is started
 */
public record BundledAuction(
    Set<AuctionPart> parts,
    Map<AuctionPart, List<String>> options,
    Map<AuctionPart, String> defects,
    BundledProcesses processes) {

  /**
   * Reads {@code strategy}, the defects of the parts, {@code target-heap} and {@code ready-within};
   * what is wrong goes to the reader.
   *
   * @param service of the user's own, in which nothing can be planted
   * @param parts that the simulation needs
   */
  public static BundledAuction read(
      SettingsReader from, AuctionService service, Set<AuctionPart> parts) {
    Map<AuctionPart, List<String>> options = new EnumMap<>(AuctionPart.class);
    Map<AuctionPart, String> defects = new EnumMap<>(AuctionPart.class);
    String strategy = from.oneOf("strategy", List.of("lua", "optimistic"));
    options.put(AuctionPart.BIDS, List.of("--strategy", strategy));
    for (AuctionPart part : parts) {
      from.optionalText(part.defectOption())
          .ifPresent(
              defect -> {
                defects.put(part, defect);
                if (service.isOwn()) {
                  from.error(
                      part.defectOption(), "a defect can only be planted in the bundled auction");
                }
              });
    }
    return new BundledAuction(EnumSet.copyOf(parts), options, defects, BundledProcesses.read(from));
  }

  /** The same with more options of one part. */
  public BundledAuction with(AuctionPart part, String... more) {
    Map<AuctionPart, List<String>> all = new EnumMap<>(AuctionPart.class);
    all.putAll(options);
    List<String> of = new ArrayList<>(options.getOrDefault(part, List.of()));
    of.addAll(List.of(more));
    all.put(part, of);
    return new BundledAuction(parts, all, defects, processes);
  }
}

package simulations.auction;

import java.net.URI;
import java.util.Optional;

/**
 * The stores behind a bundled auction, for audits.
 *
 * @param redis where bids are decided
 * @param nats that takes what was accepted
 * @param postgres JDBC address of the archive; empty if no archive was started
 */
public record AuctionStores(URI redis, String nats, Optional<String> postgres) {}

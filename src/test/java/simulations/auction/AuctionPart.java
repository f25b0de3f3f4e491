package simulations.auction;

import java.util.Locale;

/** The three services of the auction. */
public enum AuctionPart {
  /** Decides bids; needs Redis and NATS. */
  BIDS,
  /** Tells viewers; needs NATS. */
  BROADCAST,
  /** Keeps accepted bids; needs NATS and PostgreSQL. */
  ARCHIVE;

  /** The word after {@code serve}, which is also the process's name in the run. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The option that plants mistakes in it. */
  public String defectOption() {
    return this == BIDS ? "bid.defect" : word() + ".defect";
  }
}

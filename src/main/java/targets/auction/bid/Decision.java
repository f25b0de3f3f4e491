package targets.auction.bid;

import static targets.shared.Counters.label;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import targets.shared.Json;

/**
 * The result of a request.
 *
 * @param item the item: before an accepted bid, with the sequence of its event; else as it is
 * @param eventId of an accepted bid, else empty
 * @param bidId of an accepted bid, else empty
 * @param reason why nothing was decided; empty for a decision
 */
public record Decision(Kind kind, Item item, String eventId, String bidId, String reason) {
  private static final Item NO_ITEM = new Item(0, "", 0, "");
  private static final int EVENT_ID = 5;
  private static final int BID_ID = 6;
  private static final int CENTS = 7;
  private static final int USER = 8;

  public enum Kind {
    ACCEPTED,
    /** The bid is not above the price. */
    REJECTED,
    CLOSED,
    UNKNOWN,
    STATE,
    /** The item was created, opened, closed or reset. */
    CHANGED,
    /** The item was already as requested. */
    SAME,
    /** The idempotency key belongs to another bid. */
    MISUSED_KEY,
    /** Too many events wait to be published; nothing was done. */
    FULL,
    /** Too many bids compete at once; nothing was done. */
    BUSY,
    /** The request did not reach Redis; nothing was done. */
    AWAY,
    /** The request reached Redis and its answer is missing: it may have been done. */
    UNSURE
  }

  /**
   * State of an item.
   *
   * @param priceCents the highest bid, 0 without one
   * @param bidder the highest bidder, empty without one
   * @param sequence of the last event
   * @param status {@code open} or {@code closed}
   */
  public record Item(long priceCents, String bidder, long sequence, String status) {
    private static Item of(String cents, String bidder, String sequence, String status) {
      return new Item(
          Long.parseLong(cents), bidder == null ? "" : bidder, Long.parseLong(sequence), status);
    }
  }

  /** Returns a result without an item. */
  public static Decision none(Kind kind, String reason) {
    return new Decision(kind, NO_ITEM, "", "", reason);
  }

  /** Returns a result about an item, other than an accepted bid. */
  public static Decision of(Kind kind, Item item) {
    return new Decision(kind, item, "", "", "");
  }

  public static Decision accepted(Bid bid, Item before) {
    return new Decision(Kind.ACCEPTED, before, bid.eventId(), bid.bidId(), "");
  }

  /** Returns the refusal of an event that the log has no room for. */
  static Decision full() {
    return none(Kind.FULL, "too many events wait for NATS");
  }

  /** Reads the values of price, bidder, status and sequence, each null if its key is missing. */
  static Decision ofValues(List<String> values) {
    if (values.get(2) == null) {
      return none(Kind.UNKNOWN, "");
    }
    String cents = Objects.requireNonNullElse(values.get(0), "0");
    String sequence = Objects.requireNonNullElse(values.get(3), "0");
    return of(Kind.STATE, Item.of(cents, values.get(1), sequence, values.get(2)));
  }

  /** Reads the reply of a script. */
  static Decision ofReply(List<String> words) {
    Kind kind = Kind.valueOf(words.get(0).toUpperCase(Locale.ROOT));
    if (kind == Kind.UNKNOWN || kind == Kind.FULL) {
      return kind == Kind.FULL ? full() : none(kind, "");
    }
    Item item = Item.of(words.get(1), words.get(2), words.get(3), words.get(4));
    boolean ofBid = words.size() > BID_ID;
    return new Decision(
        kind, item, ofBid ? words.get(EVENT_ID) : "", ofBid ? words.get(BID_ID) : "", "");
  }

  /** Reads the reply of {@code bid.lua}, which may be the remembered answer to another bid. */
  static Decision ofReply(List<String> words, Bid bid) {
    boolean other =
        words.size() > USER
            && (!words.get(CENTS).equals(Long.toString(bid.cents()))
                || !words.get(USER).equals(bid.userId()));
    return other ? none(Kind.MISUSED_KEY, "") : ofReply(words);
  }

  /** Returns the answer to remember, in the form of {@code bid.lua}. */
  String remembered(Bid bid) {
    return Json.text(
        List.of(
            label(kind),
            Long.toString(item.priceCents),
            item.bidder,
            Long.toString(item.sequence),
            item.status,
            eventId,
            bidId,
            Long.toString(bid.cents()),
            bid.userId()));
  }

  static Decision ofRemembered(String json, Bid bid) {
    try {
      return ofReply(List.of(Json.MAPPER.readValue(json, String[].class)), bid);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a remembered answer was overwritten from outside", e);
    }
  }
}

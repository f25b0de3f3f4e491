package targets.auction.bid;

import java.util.Optional;

/**
 * A bid, checked but not decided.
 *
 * @param itemId on what
 * @param userId by whom
 * @param cents how much, more than 0
 * @param eventId of the event, should it be accepted
 * @param bidId of the bid, should it be accepted
 * @param requestKey by which a repetition is known
 */
record Bid(
    String itemId,
    String userId,
    long cents,
    String eventId,
    String bidId,
    Optional<String> requestKey) {}

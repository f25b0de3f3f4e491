package targets.auction.bid;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;
import targets.shared.Json;

/** The answer to a request with a key, as {@code bid.lua} writes it too. */
final class RememberedAnswer {
  private RememberedAnswer() {}

  static String write(Decision decision, Bid bid) {
    return new String(
        Json.bytes(
            List.of(
                decision.kind().name().toLowerCase(Locale.ROOT),
                Long.toString(decision.priceCents()),
                decision.bidder().orElse(""),
                Long.toString(decision.sequence()),
                decision.eventId(),
                decision.bidId(),
                Long.toString(bid.cents()),
                bid.userId())),
        UTF_8);
  }

  static Decision read(String json, Bid bid) {
    try {
      List<byte[]> words =
          StreamSupport.stream(Json.MAPPER.readTree(json).spliterator(), false)
              .map(word -> word.asText().getBytes(UTF_8))
              .toList();
      return RedisReply.bid(words, bid);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("somebody else wrote to our key", e);
    }
  }
}

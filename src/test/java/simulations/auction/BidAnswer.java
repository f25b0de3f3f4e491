package simulations.auction;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * An answer of the bid service; unknown fields are skipped, absent numbers are {@link #NONE}.
 *
 * @param currentCents the price
 * @param previousCents the price that was beaten
 * @param bidder the highest bidder; empty if there is none, as an empty text, or absent
 * @param decided {@code false}, {@code unknown}, or empty if absent
 * @param sequence number of the item's last event
 */
public record BidAnswer(
    boolean success,
    long currentCents,
    long previousCents,
    Optional<String> bidder,
    String decided,
    long sequence) {
  static final long NONE = -1;

  /** An answer without any field. */
  public static final BidAnswer EMPTY =
      new BidAnswer(false, NONE, NONE, Optional.empty(), "", NONE);

  private static final ObjectReader READER =
      new ObjectMapper()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .readerFor(BidAnswer.class);

  @JsonCreator
  static BidAnswer of(
      @JsonProperty("success") boolean success,
      @JsonProperty("current_bid") BigDecimal current,
      @JsonProperty("previous_bid") BigDecimal previous,
      @JsonProperty("highest_bidder_id") String bidder,
      @JsonProperty("decided") String decided,
      @JsonProperty("sequence") BigDecimal sequence) {
    return new BidAnswer(
        success,
        whole(current, 2),
        whole(previous, 2),
        Optional.ofNullable(bidder).filter(name -> !name.isEmpty()),
        decided == null ? "" : decided,
        whole(sequence, 0));
  }

  /**
   * Parses an answer.
   *
   * @throws IOException if it is not a JSON object, or an amount is not whole cents
   */
  public static BidAnswer read(byte[] body) throws IOException {
    BidAnswer answer = READER.readValue(body);
    if (answer == null) {
      throw new IOException("null is not an answer");
    }
    return answer;
  }

  private static long whole(BigDecimal number, int places) {
    return number == null ? NONE : number.movePointRight(places).longValueExact();
  }
}

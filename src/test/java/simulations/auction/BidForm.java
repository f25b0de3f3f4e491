package simulations.auction;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import settings.Checked;
import settings.Option;
import settings.SettingsReader;
import simulations.run.Field;

/**
 * The requests and answers of a bid service, as far as they differ from the original's. In paths
 * and the body {@code #{id}} is the item; of several pointers the first counts that the answer has.
 *
 * @param read path at which an item's state is read
 * @param path path to which bids are posted
 * @param body of a bid, with {@code #{user}} and {@code #{amount}}
 * @param step least raise; each raise is a multiple of it
 * @param price of an answer, of a read or to a bid
 * @param bidder of that price
 * @param previous price that an accepted bid beat
 * @param accepted statuses of an accepted bid
 * @param rejected statuses of a bid that was too low
 * @param success what an answer has if the bid was accepted; none if the status is all
 * @param view path at which viewers connect
 * @param event amount of a bid in a viewer's frame
 */
public record BidForm(
    @Option(name = "bid.read", matches = PATH, otherwise = NO_PATH) Optional<String> read,
    @Option(name = "bid.path", matches = PATH, otherwise = NO_PATH) Optional<String> path,
    @Option(
            name = "bid.body",
            matches = "(?s).*#\\{amount}.*",
            otherwise = "has no #{amount}, the place of the amount")
        Optional<String> body,
    @Option(
            name = "bid.step",
            matches = "(?=.*[1-9])[0-9]{1,9}([.][0-9]{1,2})?",
            otherwise = "is not an amount such as 0.01 or 5")
        Optional<String> step,
    @Option(name = "bid.price") List<Field> price,
    @Option(name = "bid.bidder") List<Field> bidder,
    @Option(name = "bid.previous") List<Field> previous,
    @Option(name = "bid.accepted", in = "200..599") List<Integer> accepted,
    @Option(name = "bid.rejected", in = "200..599") List<Integer> rejected,
    @Option(name = "bid.success") Optional<Flag> success,
    @Option(name = "bid.view", matches = PATH, otherwise = NO_PATH) Optional<String> view,
    @Option(name = "bid.event") Optional<Field> event)
    implements Checked {
  /** The original's form. */
  public static final BidForm ORIGINAL = SettingsReader.of(List.of(), Map.of()).read(BidForm.class);

  static final String PATH = "/.*";
  static final String NO_PATH = "is not a path such as /items/#{id}";
  private static final String ITEM = "/api/v1/items/#{id}";
  private static final String ID = "#{id}";
  private static final int PLACES = 2;
  private static final int EXCERPT_BYTES = 200;
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
  private static final Field SEQUENCE = Field.parse("/sequence");

  /** What a bid's answer says. */
  public enum Decision {
    ACCEPTED,
    REJECTED,
    /** It contradicts itself. */
    WRONG,
    /** Nothing of the price. */
    OTHER
  }

  /** A member and the text that it has in case of success. */
  record Flag(Field field, String value) {
    /** Parses {@code /success} or {@code /status=accepted}. */
    static Flag parse(String text) {
      String[] parts = text.split("=", 2);
      return new Flag(Field.parse(parts[0]), parts.length == 1 ? "true" : parts[1]);
    }
  }

  /** Fills in the original's values. */
  public BidForm {
    price = orElse(price, "/current_bid", Field::parse);
    bidder = orElse(bidder, "/highest_bidder_id", Field::parse);
    previous = orElse(previous, "/previous_bid", Field::parse);
    accepted = orElse(accepted, "201", Integer::valueOf);
    rejected = orElse(rejected, "200", Integer::valueOf);
    success = success.or(() -> Optional.of(Flag.parse("/success")));
  }

  private static <T> List<T> orElse(List<T> values, String byDefault, Function<String, T> parse) {
    return values.isEmpty() ? List.of(parse.apply(byDefault)) : values;
  }

  @Override
  public void check(SettingsReader from) {
    if (!isFlagged() && accepted.stream().anyMatch(rejected::contains)) {
      from.error(
          "bid.rejected", "has a status of -Dbid.accepted; name what differs, -Dbid.success");
    }
  }

  private boolean isFlagged() {
    return Field.isNamed(success.map(Flag::field));
  }

  /** Returns true if items are created, opened and closed as at the bundled service. */
  boolean makesItems() {
    return read.isEmpty();
  }

  String readPath(String item) {
    return read.orElse(ITEM).replace(ID, item);
  }

  String bidPath(String item) {
    return path.orElse(ITEM + "/bid").replace(ID, item);
  }

  String viewPath(String item) {
    return view.orElse("/ws/items/" + ID).replace(ID, item);
  }

  /** Returns the least raise in cents. */
  public long stepCents() {
    return step.map(text -> new BigDecimal(text).movePointRight(PLACES).longValue()).orElse(1L);
  }

  /** Returns the body of a bid; amounts are whole numbers if the step is one. */
  public String body(String item, String user, long cents) {
    boolean whole = step.isPresent() && stepCents() % 100 == 0 && cents % 100 == 0;
    String amount = whole ? Long.toString(cents / 100) : Ledger.decimal(cents);
    return body.orElse("{\"user_id\":\"#{user}\",\"amount\":#{amount}}")
        .replace("#{user}", user)
        .replace("#{amount}", amount)
        .replace(ID, item);
  }

  /** Returns what an answer to a bid says by its status and its flag. */
  public Decision decision(int status, BidAnswer answer) {
    if (accepted.contains(status) && (!isFlagged() || answer.success())) {
      return Decision.ACCEPTED;
    }
    if (rejected.contains(status) && !(isFlagged() && answer.success())) {
      return Decision.REJECTED;
    }
    boolean decides = accepted.contains(status) || rejected.contains(status);
    return decides ? Decision.WRONG : Decision.OTHER;
  }

  /** Parses an answer to a bid; if the status is all that counts, it need not be JSON. */
  BidAnswer answer(byte[] body) throws IOException {
    try {
      return body.length == 0 && !isFlagged() ? BidAnswer.EMPTY : read(body);
    } catch (JsonProcessingException e) {
      if (isFlagged()) {
        throw e;
      }
      return BidAnswer.EMPTY;
    }
  }

  /**
   * Parses an answer; unknown members are skipped.
   *
   * @throws IOException if it is not a JSON object, or an amount is not whole cents
   */
  public BidAnswer read(byte[] json) throws IOException {
    JsonNode answer = JSON.readTree(json);
    if (!answer.isObject()) {
      throw new IOException("the answer is no JSON object");
    }
    return new BidAnswer(
        success.orElseThrow().value.equals(success.orElseThrow().field.in(answer).asText()),
        cents(first(price, answer)),
        cents(first(previous, answer)),
        Optional.of(first(bidder, answer).asText("")).filter(name -> !name.isEmpty()),
        answer.path("decided").asText(),
        SEQUENCE.number(answer).orElse(BidAnswer.NONE));
  }

  /** Returns why an answer to a read has no price, which may be null; empty if it has one. */
  Optional<String> priceless(byte[] json) {
    String text = new String(json, 0, Math.min(json.length, EXCERPT_BYTES), UTF_8).strip();
    String shown = text.lines().findFirst().orElse("");
    try {
      JsonNode answer = JSON.readTree(json);
      boolean known = price.stream().anyMatch(field -> !field.in(answer).isMissingNode());
      String names = price.stream().map(Field::text).collect(Collectors.joining(", "));
      return known
          ? Optional.empty()
          : Optional.of("has no price at %s (-Dbid.price): %s".formatted(names, shown));
    } catch (IOException e) {
      return Optional.of("is no JSON: " + shown);
    }
  }

  /** Returns the amount of the bid that a viewer's frame reports; below 0 if it reports none. */
  long eventCents(String frame) {
    if (event.isEmpty()) {
      return EventText.cents(frame, "\"amount\"");
    }
    try {
      return cents(event.get().in(JSON.readTree(frame)));
    } catch (IOException e) {
      return BidAnswer.NONE; // A frame without JSON reports no bid.
    }
  }

  private static JsonNode first(List<Field> fields, JsonNode answer) {
    return fields.stream()
        .map(field -> field.in(answer))
        .filter(member -> !member.isMissingNode() && !member.isNull())
        .findFirst()
        .orElseGet(JSON::missingNode);
  }

  private static long cents(JsonNode amount) throws IOException {
    if (amount.isMissingNode() || amount.isNull()) {
      return BidAnswer.NONE;
    }
    try {
      return new BigDecimal(amount.asText()).movePointRight(PLACES).longValueExact();
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IOException("the amount " + amount + " is not whole cents", e);
    }
  }
}

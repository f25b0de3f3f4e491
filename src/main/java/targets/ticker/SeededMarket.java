package targets.ticker;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import targets.ticker.Subject.Kind;

/**
 * A market that is a function of its seed: prices walk at random, and half of all events are
 * prices. One thread.
 */
final class SeededMarket {
  /** An event without times and sequence. */
  record Event(Subject subject, ObjectNode content) {}

  private static final int BATCH_MAX = 100;

  private static final double PRICE_MAX = 1_000;
  private static final double STEP = 0.001;
  private static final double AMOUNT_MAX = 100;
  private static final double CENT = 0.01;
  private static final int DIGITS = 6;

  private final SplittableRandom random;
  private final int users;
  private final List<Kind> lots = new ArrayList<>();
  private final double[] first;
  private final double[] price;
  private final double[] volume;
  private final long[] holders;
  private long trades;

  /**
   * @param seed determines the market
   * @param tokens T1, T2 and so on
   * @param users user-1, user-2 and so on
   * @param kinds of events; trades of users only if there are any
   */
  SeededMarket(long seed, int tokens, int users, List<Kind> kinds) {
    this.random = new SplittableRandom(seed);
    this.users = users;
    kinds.forEach(kind -> lots.addAll(Collections.nCopies(weight(kind), kind)));
    if (lots.isEmpty()) {
      lots.add(Kind.PRICE);
    }
    this.price = random.doubles(tokens, 1, PRICE_MAX).toArray();
    this.first = price.clone();
    this.volume = new double[tokens];
    this.holders = random.longs(tokens, 1, 1_000_000).toArray();
  }

  Event next() {
    Kind kind = lots.get(random.nextInt(lots.size()));
    int token = random.nextInt(price.length);
    ObjectNode content = JsonNodeFactory.instance.objectNode();
    return switch (kind) {
      case PRICE -> event(kind, name(token), price(content, token));
      case VOLUME -> event(kind, name(token), content.put("volume24h", decimal(volume[token])));
      case HOLDERS -> event(kind, name(token), content.put("holders", holders(token)));
      case TRADE -> event(kind, name(token), trade(content, token));
      case USER_TRADE -> userTrade(content, token);
      case BATCH -> event(kind, "market", batch(content));
      case STATS -> event(kind, "market", stats(content));
    };
  }

  private int weight(Kind kind) {
    return switch (kind) {
      case PRICE -> 10;
      case TRADE -> 4;
      case VOLUME -> 2;
      case HOLDERS, BATCH, STATS -> 1;
      case USER_TRADE -> Math.min(users, 1);
    };
  }

  private ObjectNode price(ObjectNode content, int token) {
    price[token] = Math.max(CENT, price[token] * (1 + STEP * random.nextGaussian()));
    double change = (price[token] / first[token] - 1) * 100;
    return content.put("price", decimal(price[token])).put("percentChange24h", decimal(change));
  }

  private long holders(int token) {
    holders[token] = Math.max(0, holders[token] + random.nextInt(-10, 11));
    return holders[token];
  }

  private ObjectNode trade(ObjectNode content, int token) {
    double amount = random.nextDouble(CENT, AMOUNT_MAX);
    volume[token] += amount;
    trades++;
    return content
        .put("price", decimal(price[token]))
        .put("amount", decimal(amount))
        .put("side", random.nextBoolean() ? "buy" : "sell");
  }

  private Event userTrade(ObjectNode content, int token) {
    String user = "user-" + (1 + random.nextInt(users));
    ObjectNode trade = trade(content.put("userId", user).put("tokenId", name(token)), token);
    return event(Kind.USER_TRADE, user, trade);
  }

  private ObjectNode batch(ObjectNode content) {
    ArrayNode updates = content.putArray("updates");
    for (int token = 0; token < Math.min(price.length, BATCH_MAX); token++) {
      price(updates.addObject().put("token", name(token)), token);
    }
    return content;
  }

  private ObjectNode stats(ObjectNode content) {
    return content
        .put("tokens", price.length)
        .put("trades24h", trades)
        .put("volume24h", decimal(Arrays.stream(volume).sum()));
  }

  private static Event event(Kind kind, String name, ObjectNode content) {
    return new Event(new Subject(kind, name), content);
  }

  private static String name(int token) {
    return "T" + (token + 1);
  }

  private static BigDecimal decimal(double value) {
    return BigDecimal.valueOf(value).setScale(DIGITS, RoundingMode.HALF_EVEN);
  }
}

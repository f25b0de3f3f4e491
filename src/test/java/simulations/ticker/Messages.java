package simulations.ticker;

import static java.util.regex.Matcher.quoteReplacement;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import settings.Checked;
import settings.Option;
import settings.SettingsReader;
import simulations.run.Field;

/** The messages of a service: how a ping is written, and what its frames say. Thread-safe. */
final class Messages {
  /** The stamps of a template: milliseconds of a clock, or a number of the socket. */
  private static final String MS = "#{ms}";

  private static final String ID = "#{id}";

  /** Stands for a whole frame in place of a JSON pointer. */
  private static final String TEXT = "text";

  /** Stands for a ping frame in place of a text. */
  private static final String FRAME = "frame";

  /** Identifiers are above small numbers, which may mean something else, and fit 32 bits. */
  private static final long FIRST_ID = 1_000_000_000;

  private static final long LAST_ID = 1_999_999_999;
  private static final long NS_PER_MS = 1_000_000;
  private static final String TICKERS_PING =
      "{\"type\":\"ping\",\"timestamp\":" + MS + ",\"clientId\":\"gauntlet\"}";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Field SKIPPED = Field.parse("/skipped");

  private final SeqPer seqPer;
  private final String ping;
  private final String stamp;
  private final Pattern echo;
  private final Field pong;
  private final List<Hello> hello;

  /** A frame and its answer; empty for none. */
  private final String[] heartbeat;

  /** What a pong has that echoes nothing: it answers the oldest ping. */
  private final Optional<String> said;

  private final Field latency;
  private final Field feed;
  private final Field seq;
  private final Field epoch;
  private final Field due;
  private final Field sent;

  /**
   * The form of a service's messages, as far as it differs from the ticker's.
   *
   * @param ping with {@code #{id}} or {@code #{ms}}, by which its pong is known, or {@code frame}
   *     for a ping frame; then nothing else is as the ticker's
   * @param pong JSON pointer to what a pong echoes of it, or {@code text} for the whole frame, or a
   *     part of the frame around {@code #{id}} or {@code #{ms}}; with {@code =} and a value, by
   *     which a pong is known that echoes nothing
   * @param hello frames that a socket begins with, with a vertical line between two, each with a
   *     part of its answer behind an arrow, such as {@code login => welcome}, or without
   * @param heartbeat a frame of the service's and its answer, such as {@code 2=3}
   * @param seq number of a broadcast
   * @param seqPer whether all connections have the same numbers
   * @param feed in which it is counted; without one there is one feed
   * @param sent time at which a broadcast was sent
   */
  record Form(
      @Option(name = "ws.ping", matches = LINES) Optional<String> ping,
      @Option(
              name = "ws.pong",
              matches = "(?s)text(=.+)?|/.*|.*#\\{(id|ms)}.*",
              otherwise =
                  "is no JSON pointer such as /id, nor text for a frame that echoes all, nor a part"
                      + " of a frame such as reply:#{id}, nor /op=pong or text=pong for one that"
                      + " echoes nothing")
          Optional<String> pong,
      @Option(name = "ws.hello", matches = LINES) Optional<String> hello,
      @Option(
              name = "ws.heartbeat",
              matches = "(?s).+=.+",
              otherwise = "is not a frame of the service's and its answer, such as 2=3")
          Optional<String> heartbeat,
      @Option(name = "ws.seq") Optional<Field> seq,
      @Option(name = "ws.seq-per") SeqPer seqPer,
      @Option(name = "ws.feed") Optional<Field> feed,
      @Option(name = "ws.sent") Optional<Field> sent)
      implements Checked {
    /** Used by annotations: frames of some services have several lines. */
    static final String LINES = "(?s).*";

    @Override
    public void check(SettingsReader from) {
      boolean isText = ping.isPresent() && !isFrame();
      boolean isEcho = isPart() || !pong.orElse("").contains("=");
      if (isText && isEcho && !ping.get().contains(ID) && !ping.get().contains(MS)) {
        from.error("ws.ping", "has neither " + ID + " nor " + MS + ", by which its pong is known");
      }
      for (String stamp : isPart() ? List.of(ID, MS) : List.<String>of()) {
        if (pong.get().contains(stamp) && !template().contains(stamp)) {
          from.error(
              "ws.pong", "has " + stamp + ", which a ping lacks; write it into -Dws.ping too");
        }
      }
      if (isText && pong.isEmpty()) {
        from.error("ws.pong", "has no value; name what a pong echoes, such as /id, or text");
      }
    }

    /** Returns true if any of it is named, which is for a service of the user's own. */
    boolean isOwn() {
      return Stream.of(ping, hello, heartbeat).anyMatch(Optional::isPresent);
    }

    private String template() {
      return isFrame() ? "" : ping.orElse(TICKERS_PING);
    }

    /** Returns true if a pong is known by a part of its text. */
    private boolean isPart() {
      return pong.filter(text -> text.contains(ID) || text.contains(MS)).isPresent();
    }

    /** Returns true if pings are frames of the protocol. */
    boolean isFrame() {
      return ping.filter(FRAME::equals).isPresent();
    }
  }

  /** Whose sequence the numbers of broadcasts are. */
  enum SeqPer {
    FEED,
    CONNECTION
  }

  /** A frame that a socket begins with, and a part of its answer; empty if any frame is one. */
  record Hello(String text, String answer, AtomicBoolean answered) {
    Hello(String text, String answer) {
      this(text, answer, new AtomicBoolean(answer.isEmpty()));
    }

    private static Hello of(String text) {
      String[] parts = text.split(" => ", 2);
      return new Hello(frame(parts[0]), parts.length > 1 ? frame(parts[1]) : "");
    }
  }

  /** A ping, and the number that its pong echoes. */
  record Ping(String text, double stamp) {}

  Messages(Form form) {
    seqPer = form.seqPer;
    ping = form.isFrame() ? ID : frame(form.template());
    hello =
        form.hello.stream().flatMap(all -> Stream.of(all.split(" \\| "))).map(Hello::of).toList();
    heartbeat = form.heartbeat.map(text -> frame(text).split("=", 2)).orElse(new String[] {"", ""});
    boolean isPart = form.isPart();
    String answer = form.isFrame() ? TEXT : frame(form.pong.orElse("/originalTimestamp"));
    String echoed = isPart ? answer : ping;
    stamp = echoed.contains(ID) || !echoed.contains(MS) ? ID : MS;
    String[] parts = isPart ? new String[] {TEXT} : answer.split("=", 2);
    pong = parts[0].equals(TEXT) ? Field.NONE : Field.parse(parts[0]);
    said = parts.length > 1 ? Optional.of(parts[1]) : Optional.empty();
    String number = "[0-9]+(?:\\.[0-9]+)?";
    String pattern =
        Pattern.quote(echoed)
            .replaceFirst(Pattern.quote(stamp), quoteReplacement("\\E(" + number + ")\\Q"))
            .replaceAll(
                Pattern.quote(ID) + "|" + Pattern.quote(MS),
                quoteReplacement("\\E" + number + "\\Q"));
    echo = Pattern.compile(isPart ? pattern : "\\A" + pattern + "\\z");
    boolean others = form.ping.isPresent();
    latency = tickers("/latency", others);
    seq = form.seq.orElse(tickers("/seq", others));
    feed = form.feed.orElse(tickers("/feed", others));
    sent = form.sent.orElse(tickers("/published", others));
    due = tickers("/due", others || form.sent.isPresent());
    epoch = tickers("/epoch", others || form.seq.isPresent());
  }

  /** Returns a text of the user's, who cannot write a NUL, which ends frames of STOMP. */
  private static String frame(String text) {
    return text.replace("\\0", "\0");
  }

  List<Hello> hello(String token) {
    return hello.stream()
        .map(each -> new Hello(each.text.replace("#{token}", token), each.answer))
        .toList();
  }

  /** Returns the answer to a heartbeat of the service's; empty if it is none. */
  Optional<String> answer(String text) {
    return Optional.of(heartbeat[1])
        .filter(answer -> !answer.isEmpty() && text.equals(heartbeat[0]));
  }

  private static Field tickers(String pointer, boolean others) {
    return others ? Field.NONE : Field.parse(pointer);
  }

  /** Returns true if all connections count the same broadcasts by the same numbers. */
  boolean sharesFeeds() {
    return seqPer == SeqPer.FEED;
  }

  Ping ping(long number, long stampNs) {
    String ms = String.format(Locale.ROOT, "%d.%06d", stampNs / NS_PER_MS, stampNs % NS_PER_MS);
    String id = Long.toString(FIRST_ID + number);
    String text = ping.replace(MS, ms).replace(ID, id);
    return new Ping(text, Double.parseDouble(stamp.equals(ID) ? id : ms));
  }

  Frame read(String text) {
    OptionalDouble ofText = pong.equals(Field.NONE) ? answered(text) : OptionalDouble.empty();
    if (ofText.isPresent()) {
      return Frame.answer(ofText);
    }
    JsonNode message;
    try {
      message = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return Frame.answer(OptionalDouble.empty());
    }
    OptionalLong dueNs = due.unixNs(message);
    return new Frame(
        answered(message),
        latency.value(message),
        feed.in(message).asText(),
        seq.number(message),
        epoch.number(message).orElse(0),
        dueNs.isPresent() ? dueNs : sent.unixNs(message),
        SKIPPED.in(message).properties().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, skipped -> skipped.getValue().asInt())));
  }

  private OptionalDouble answered(String text) {
    return said.isPresent()
        ? oldest(text.strip())
        : echo.matcher(text)
            .results()
            .mapToDouble(found -> Double.parseDouble(found.group(1)))
            .filter(this::isOfPing)
            .findFirst();
  }

  private OptionalDouble answered(JsonNode message) {
    return said.isPresent()
        ? oldest(pong.in(message).asText())
        : pong.value(message).stream().filter(this::isOfPing).findFirst();
  }

  private OptionalDouble oldest(String text) {
    return text.equals(said.get()) ? OptionalDouble.of(Frame.OLDEST) : OptionalDouble.empty();
  }

  /** An identifier that no ping has is that of something else. */
  private boolean isOfPing(double number) {
    return !stamp.equals(ID) || (number > FIRST_ID && number <= LAST_ID);
  }

  /**
   * A message of the service, as far as a user measures it.
   *
   * @param answers stamp of the ping that it answers, or {@link #OLDEST}; empty if it is no pong
   * @param latencyMs latency that a pong states of its ping
   * @param seq number of a broadcast in its feed; empty if it is none
   * @param epoch of the publisher, in which sequences begin again
   * @param sentNs planned time of a broadcast, or else the real one, unix ns; empty if unknown
   * @param skipped number of broadcasts left out in favour of newer ones, by feed
   */
  record Frame(
      OptionalDouble answers,
      OptionalDouble latencyMs,
      String feed,
      OptionalLong seq,
      long epoch,
      OptionalLong sentNs,
      Map<String, Integer> skipped) {
    /** Stands for the stamp of the ping that waits longest, for a pong that echoes nothing. */
    static final double OLDEST = Double.NaN;

    /** Returns a frame that is nothing but an answer, or, without a stamp, nothing that counts. */
    static Frame answer(OptionalDouble stamp) {
      OptionalLong none = OptionalLong.empty();
      return new Frame(stamp, OptionalDouble.empty(), "", none, 0, none, Map.of());
    }
  }
}

package simulations.ticker;

import static java.util.stream.Collectors.toList;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import kpi.Stages;
import settings.BadSettings;
import settings.Checked;
import settings.Option;
import settings.Option.Form;
import settings.SettingsReader;
import simulations.run.CommonSettings;
import simulations.run.SimulationSettings;
import simulations.run.Slos;
import simulations.run.SuiteConfig;
import verdict.Numbers;
import verdict.Threshold;

/** The settings of the ping-pong run, of one or several stages. */
public record TickerSettings(
    CommonSettings common, List<Stage> stages, Plan plan, Service service, Messages.Form messages)
    implements SimulationSettings {
  private static final Slos.Unit SOCKET =
      new Slos.Unit("socket", List.of("rtt.max", "delivery_lag.max"));
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration MARGIN = Duration.ofSeconds(90);

  /** A stage of load; its name is in figures and checks, and empty if it is the only one. */
  public record Stage(String name, Users users) {
    /** Returns the prefix of its figures; empty if they are the run's. */
    String prefix() {
      return name.isEmpty() ? "" : Stages.prefix(name);
    }
  }

  /**
   * The users of a stage, who arrive, stay and leave.
   *
   * @param connections at once
   * @param duration time that all of them stay after their arrival
   * @param frequency from one ping of a user to the next
   */
  public record Users(
      @Option(in = "1..200000") int connections,
      @Option(in = "1s..1h", form = Form.SECONDS) Duration rampup,
      @Option(in = "1s..1d", form = Form.MILLIS) Duration duration,
      @Option(in = "10ms..1h", form = Form.MILLIS) Duration frequency) {
    /** The options, in the order in which a text names them. */
    private static final List<String> PARTS =
        List.of("connections", "rampup", "duration", "frequency");

    /** Parses a stage such as {@code 100:10s:30s:5s}, or throws with the mistake. */
    static Users parse(String text) {
      String[] parts = text.strip().split(":", -1);
      if (parts.length != PARTS.size()) {
        throw new IllegalArgumentException(
            "'" + text + "' is no stage; write " + String.join(":", PARTS) + " as 100:10s:30s:5s");
      }
      Map<String, String> values = new HashMap<>();
      for (int part = 0; part < parts.length; part++) {
        values.put(PARTS.get(part), parts[part].strip());
      }
      Config config = ConfigFactory.parseMap(values);
      try {
        return new SettingsReader(config, part -> "the " + part + " of " + text)
            .finish(Users.class);
      } catch (BadSettings e) {
        throw new IllegalArgumentException(String.join("; ", e.errors()), e);
      }
    }

    /**
     * Describes them, such as {@code 100 WebSockets open over 10 s and ping every 5 s for 30 s}.
     */
    String words() {
      return Numbers.sentence(
          "%s WebSockets open over %s and ping every %s for %s",
          connections, rampup, frequency, duration);
    }
  }

  /**
   * What all stages share.
   *
   * @param stages one after the other; empty for a single one of the options of {@link Users}
   * @param cooldown between the end of a stage and the next one
   * @param timeout of a pong
   * @param feedRate messages a second, of all feeds together
   * @param attacks whether attackers and a slow client come too; only to the bundled ticker
   */
  public record Plan(
      @Option List<Users> stages,
      @Option(in = "0..1h", form = Form.SECONDS) Duration cooldown,
      @Option(in = "10ms..1h") Duration timeout,
      @Option(in = "0.001..100000") double feedRate,
      @Option(in = "1..2000") int feedTokens,
      @Option boolean attacks,
      @Option(in = "0..1h", word = "slack") Duration lagSlack) {}

  /**
   * The service under load.
   *
   * @param wsUrl the user's own; empty if the bundled ticker is started
   * @param token of all users of the user's own service; empty if each gets one of its own
   * @param natsUrl for the bundled ticker; empty if a nats-server is started
   */
  record Service(
      @Option(name = "ws.url", like = "ws://127.0.0.1:3001/ws?room=a") Optional<URI> wsUrl,
      @Option(name = "auth.token") Optional<String> token,
      @Option(name = "auth.as") Credential credential,
      @Option(name = "nats.url") Optional<String> natsUrl,
      @Option(name = "ticker.defect") Optional<String> defect,
      @Option(name = "publisher.defect") Optional<String> publisherDefect)
      implements Checked {
    @Override
    public void check(SettingsReader from) {
      if (wsUrl.isPresent() && natsUrl.isPresent()) {
        from.error("nats.url", "is for the bundled ticker; with -Dws.url the ticker is your own");
      }
      String bundled = "a defect can only be planted in the bundled ticker";
      if (wsUrl.isPresent() && defect.isPresent()) {
        from.error("ticker.defect", bundled);
      }
      if (wsUrl.isPresent() && publisherDefect.isPresent()) {
        from.error("publisher.defect", bundled);
      }
      String noPeer =
          "has no peer here: the WebSockets of nats-server begin with a CONNECT and a SUB and carry"
              + " frames of the NATS protocol, whose pings have no number; -Pbench compares them";
      from.optionalText("ticker.peer").ifPresent(peer -> from.error("ticker.peer", noPeer));
    }

    /** Leaves the token and the passwords out: a record's text may end up in a log. */
    @Override
    public String toString() {
      return "Service[" + (wsUrl.isPresent() ? "external" : "bundled") + "]";
    }
  }

  /** Reads the settings, or throws BadSettings with every wrong value. */
  public static TickerSettings read(SuiteConfig config) {
    SettingsReader from = config.reader();
    Plan plan = from.read(Plan.class);
    Users alone = from.read(Users.class);
    List<Stage> stages = plan.stages.isEmpty() ? List.of(new Stage("", alone)) : named(plan.stages);
    CommonSettings common = common(config, stages);
    Service service = from.read(Service.class);
    Messages.Form form = from.read(Messages.Form.class);
    if (common.shard().isPart() && stages.size() > 1) {
      from.error("stages", "take one generator: those of several would not begin together");
    }
    common.shares(from, "connections", stages.get(0).users.connections);
    if (form.isOwn() && service.wsUrl().isEmpty()) {
      from.error(
          "ws.url",
          "has no value; it names the service of your own that ws.ping, ws.hello and"
              + " ws.heartbeat are for");
    }
    from.finish();
    return new TickerSettings(common, stages, plan, service, form);
  }

  /** Names stages by their connections; the second one of 100 is 100_2. */
  private static List<Stage> named(List<Users> stages) {
    Map<Integer, Integer> met = new HashMap<>();
    return stages.stream()
        .map(
            users -> {
              int number = met.merge(users.connections, 1, Integer::sum);
              return new Stage(users.connections + (number == 1 ? "" : "_" + number), users);
            })
        .toList();
  }

  /** Returns what is sent to the service and must not be shown, by name. */
  Map<String, String> secrets() {
    Map<String, String> all = new HashMap<>(common.access().headers());
    service.token.ifPresent(token -> all.put("token", token));
    return all;
  }

  boolean isAttacked() {
    return plan.attacks && service.wsUrl.isEmpty();
  }

  /** Returns true if the stages were named one by one: then each has figures of its own. */
  boolean isStaged() {
    return !stages.get(0).name().isEmpty();
  }

  @Override
  public Duration longest() {
    Duration load = common.warmup().multipliedBy(2).plus(plan.timeout);
    for (Stage stage : stages) {
      load = load.plus(stage.users.rampup).plus(stage.users.duration);
      load = load.plus(plan.timeout).plus(plan.cooldown).plus(TICK);
    }
    return load.plus(MARGIN);
  }

  @Override
  public String description() {
    return Numbers.sentence(
        "%s%s; each gets a feed of %s messages a second",
        isStaged()
            ? Numbers.sentence("In %s stages, %s apart: ", stages.size(), plan.cooldown)
            : "",
        stages.stream().map(stage -> stage.users.words()).collect(Collectors.joining("; ")),
        plan.feedRate);
  }

  /** The user's own thresholds come before those expected of the size. */
  private static CommonSettings common(SuiteConfig config, List<Stage> stages) {
    List<Threshold> expected = expected(config.reader(), stages);
    CommonSettings common = CommonSettings.read(config, SOCKET, new CommonSettings.Part(expected));
    if (!stages.get(0).name().isEmpty()) {
      common.texts().keySet().removeAll(Users.PARTS); // The stages state them.
    }
    return common;
  }

  /** Returns the thresholds of stages; the figures of a stage without a name are the run's. */
  private static List<Threshold> expected(SettingsReader from, List<Stage> stages) {
    Map<String, Double> words = from.words();
    NavigableMap<Integer, List<Expected>> bySize =
        from.list("expected", text -> Expected.parse(text, words)).stream()
            .collect(Collectors.groupingBy(Expected::connections, TreeMap::new, toList()));
    List<Threshold> thresholds = new ArrayList<>();
    for (Stage stage : bySize.isEmpty() ? List.<Stage>of() : stages) {
      Integer size = bySize.ceilingKey(stage.users.connections);
      bySize.get(size == null ? bySize.lastKey() : size).stream()
          .map(each -> Threshold.parse(stage.prefix() + each.threshold, words))
          .forEach(thresholds::add);
    }
    return thresholds;
  }

  /**
   * A threshold by the size of the load, for more connections may be slower, and lose more: {@code
   * 1000: rtt.mean < 10 ms} is meant for up to 1,000 connections; the largest size is meant for
   * still more too.
   */
  private record Expected(int connections, String threshold) {
    static Expected parse(String text, Map<String, Double> words) {
      int colon = text.indexOf(':');
      String size = text.substring(0, Math.max(0, colon)).strip();
      if (!size.matches("[1-9][0-9]{0,8}")) {
        throw new IllegalArgumentException(
            "'" + text + "' does not say for how many connections; write 1000: rtt.mean < 10 ms");
      }
      String threshold = text.substring(colon + 1).strip();
      var unused = Threshold.parse(threshold, words);
      return new Expected(Integer.parseInt(size), threshold);
    }
  }

  /**
   * Where a user's token goes in the request of a socket.
   *
   * @param name of the header, or of the parameter of the query
   * @param template of its value, with {@code #{token}}
   */
  record Credential(Place place, String name, String template) {
    private static final String TOKEN = "#{token}";
    private static final Pattern FORM =
        Pattern.compile("\\?([^=&\\s]+)=(.*)|([A-Za-z0-9-]+):\\s*(.*)");

    enum Place {
      HEADER,
      QUERY,
      SUBPROTOCOL
    }

    /**
     * Parses {@code Authorization: Bearer #{token}} or another header, of which {@code
     * Sec-WebSocket-Protocol: #{token}} is a subprotocol, also one without a token, or {@code
     * ?token=#{token}}.
     */
    static Credential parse(String text) {
      Matcher form = FORM.matcher(text);
      boolean isProtocol =
          form.matches() && "Sec-WebSocket-Protocol".equalsIgnoreCase(form.group(3));
      if (!form.matches() || !(text.contains(TOKEN) || isProtocol)) {
        String sentence =
            "'%s' is no place of a token; write Authorization: Bearer %2$s, ?token=%2$s or"
                + " Sec-WebSocket-Protocol: %2$s";
        throw new IllegalArgumentException(sentence.formatted(text, TOKEN));
      }
      if (form.group(1) != null) {
        return new Credential(Place.QUERY, form.group(1), form.group(2));
      }
      return new Credential(
          isProtocol ? Place.SUBPROTOCOL : Place.HEADER, form.group(3), form.group(4));
    }

    String value(String token) {
      return template.replace(TOKEN, token);
    }

    /** Returns the address of a socket, with the token if it goes there. */
    String url(URI socket, String token) {
      if (place != Place.QUERY) {
        return socket.toString();
      }
      String parameter = name + "=" + URLEncoder.encode(value(token), StandardCharsets.UTF_8);
      return socket + (socket.getRawQuery() == null ? "?" : "&") + parameter;
    }
  }
}

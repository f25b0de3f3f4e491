package simulations.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.run.Field;
import simulations.ticker.Messages.Frame;

/** The messages of services other than the bundled ticker. */
class MessagesTest {
  private static final long STAMP_NS = 1_764_000_000_000_123_456L;

  /** The form of some options; those that are empty are not given. */
  static Messages.Form form(String ping, String pong, String seq, String feed, String sent) {
    Function<String, Optional<Field>> field = text -> given(text).map(Field::parse);
    return new Messages.Form(
        given(ping),
        given(pong),
        Optional.of("first #{token} => welcome\\0 | second\\0"),
        Optional.of("2\\0!=3=4"),
        field.apply(seq),
        Messages.SeqPer.FEED,
        field.apply(feed),
        field.apply(sent));
  }

  private static Optional<String> given(String text) {
    return Optional.of(text).filter(given -> !given.isEmpty());
  }

  @Test
  void a_socket_begins_with_a_hello_and_answers_heartbeats() {
    Messages messages = new Messages(form("", "", "", "", ""));
    assertThat(messages.hello("t"))
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactly(
            new Messages.Hello("first t", "welcome\0"), new Messages.Hello("second\0", ""));
    assertThat(messages.answer("2\0!")).contains("3=4");
    assertThat(messages.answer("21")).isEmpty();
  }

  /** Each answer is that of a service to the first ping; NO is of something else. */
  @ParameterizedTest(name = "{2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "''|''|{'originalTimestamp':1764000000000.123456}",
        "''|''|{'type':'pong','originalTimestamp':1764000000000.1235}", // As JavaScript writes it.
        "''|''|{'originalTimestamp':1.7640000000001235e12}",
        "''|''|{'originalTimestamp':'1764000000000.123456'}",
        "{'op':'ping','id':#{id}}|/id|{'op':'pong','id':1000000001}",
        "{'op':'ping','id':#{id},'at':#{ms}}|/id|{'id':1.000000001E9}",
        "{'op':'ping','id':'#{id}'}|/data/0/id|{'data':[{'id':'1000000001'}]}",
        "hello #{id}|text|hello 1000000001",
        "{'n':#{id},'again':#{id}}|text|{'n':1000000001,'again':1000000001}",
        "42#{id}['ping']|43#{id}[|431000000001['pong']", // As of socket.io.
        "SEND receipt:#{id}\\0|receipt-id:#{id}|RECEIPT receipt-id:1000000001\0",
        "SEND receipt:#{id}\\0|receipt-id:#{id}|NOMESSAGE id:1000000001\0",
        "{'id':#{id},'t':#{ms}}|{'t':#{ms}|{'t':1764000000000.123456,'re':7}",
        "ping #{id}|:#{id}|at:7 from 10:0.0.7 re:1000000001",
        "ping #{id}|:#{id}|NOat:7",
        "hello #{id}|text|NOhello 7",
        "ping #{ms}|t=#{ms}|NOt=now",
        "ping|text=pong|OLDESTpong",
        "ping|text=po\\0ng|OLDESTpo\0ng",
        "{'op':'ping'}|/op=pong|OLDEST{'op':'pong','id':7}",
        "ping|text=pong|NOping",
        "{'op':'ping'}|/op=pong|NO{'op':'ping'}",
        "NO|''|{'originalTimestamp':null}",
        "{'op':'ping','id':#{id}}|/id|NO{'trade':true,'id':7}",
        "hello #{id}|text|NOwelcome",
        "hello #{id}|text|NOhello 1000000001!",
      })
  void a_pong_is_known_by_the_number_of_its_ping(String ping, String pong, String answer) {
    Messages messages = new Messages(form(json(ping.replace("NO", "")), json(pong), "", "", ""));
    Messages.Ping sent = messages.ping(1, STAMP_NS);
    boolean isPong = !(ping + answer).contains("NO");
    double stamp = answer.startsWith("OLDEST") ? Frame.OLDEST : sent.stamp();
    assertThat(messages.read(json(answer.replaceAll("NO|OLDEST", ""))).answers())
        .isEqualTo(isPong ? OptionalDouble.of(stamp) : OptionalDouble.empty());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{'seq':7,'feed':'a','published':1764000000000000001}|7|a|1764000000000000001|",
        "{'seq':7,'feed':'a','due':1764000000000000000,'published':1}|7|a|1764000000000000000|",
        "{'n':{'seq':7.0},'channel':3,'ts':1764000000.5}|7|3|1764000000500000000|/n/seq /channel"
            + " /ts",
        "{'n':'7','ts':1764000000000}|7||1764000000000000000|/n none /ts",
        "{'n':7,'ts':1764000000000001}|7||1764000000000001000|/n none /ts",
        "{'n':7e0,'ts':1.764e18}|7||1764000000000000000|/n none /ts",
        "{'n':7,'ts':'2025-11-24T16:00:00.5Z'}|7||1764000000500000000|/n none /ts",
        "{'n':7,'ts':'noon'}|7|||/n none /ts",
        "{'n':7.5,'ts':true}||||/n none /ts",
        "{'seq':7,'feed':'a'}||a||none",
        "[1]||||",
        "no json||||",
      })
  void a_broadcast_has_its_number_its_feed_and_its_time_where_the_options_say(
      String text, Long seq, String feed, Long sentNs, String pointers) {
    String[] fields = Arrays.copyOf((pointers == null ? "" : pointers).split(" ", -1), 3);
    for (int at = 0; at < fields.length; at++) {
      fields[at] = fields[at] == null ? "" : fields[at];
    }
    Frame frame = new Messages(form("", "", fields[0], fields[1], fields[2])).read(json(text));
    assertThat(frame.seq()).isEqualTo(known(seq));
    assertThat(frame.feed()).isEqualTo(feed == null ? "" : feed);
    assertThat(frame.sentNs()).isEqualTo(known(sentNs));
  }

  @Test
  void a_service_with_pings_of_its_own_has_nothing_else_of_the_ticker() {
    Messages messages = new Messages(form("#{id}", "/id", "", "", ""));
    Frame frame =
        messages.read(json("{'id':1000000001,'seq':7,'feed':'a','published':1,'latency':-7}"));
    assertThat(frame).isEqualTo(Frame.answer(OptionalDouble.of(1_000_000_001)));
  }

  @Test
  void a_member_that_is_not_named_or_none_need_not_be_there() {
    assertThat(
            Stream.of("", "none", "/seq").map(text -> Field.isNamed(given(text).map(Field::parse))))
        .containsExactly(false, false, true);
  }

  private static OptionalLong known(Long number) {
    return number == null ? OptionalLong.empty() : OptionalLong.of(number);
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }
}

package stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * PING in Redis' protocol (RESP2), after AUTH where the address has credentials.
 *
 * @param pid only this process is meant; empty for whoever answers
 */
record RedisProbe(Address address, OptionalLong pid) implements Probe {
  /** What Redis' words have in common when it knows who asks and does not want to answer. */
  private static final Pattern CREDENTIALS =
      Pattern.compile("AUTH|WRONGPASS|NOPERM|DENIED|password");

  @Override
  public Answer ask(Duration bound) {
    try (Wire wire = Wire.connect(address, bound)) {
      return talk(wire);
    } catch (IOException e) {
      return new Answer(Kind.NOTHING_ANSWERS, e.getMessage());
    }
  }

  private Answer talk(Wire wire) {
    try {
      if (address.tls()) {
        wire.startTls();
      }
      if (address.password().isPresent()) {
        String said = exchange(wire, auth());
        if (!said.equals("+OK")) {
          return refusal(said);
        }
      }
      String said = exchange(wire, List.of("PING"));
      if (!said.equals("+PONG")) {
        return refusal(said);
      }
      return pid.isEmpty() || isProcess(wire, pid.getAsLong())
          ? Answer.READY
          : new Answer(Kind.NOT_READY, "another Redis listens there");
    } catch (IOException e) {
      return new Answer(Kind.NOT_THIS_SERVER, e.getMessage());
    }
  }

  private List<String> auth() {
    Optional<String> user = address.user();
    String password = address.password().orElseThrow();
    return user.isPresent() ? List.of("AUTH", user.get(), password) : List.of("AUTH", password);
  }

  private static Answer refusal(String said) {
    String reason = said.startsWith("-") ? said.substring(1) : said;
    if (reason.startsWith("LOADING") || reason.startsWith("MASTERDOWN")) {
      return new Answer(Kind.NOT_READY, reason);
    }
    boolean refused = said.startsWith("-") && CREDENTIALS.matcher(reason).find();
    return new Answer(refused ? Kind.REFUSED : Kind.NOT_THIS_SERVER, reason);
  }

  private static boolean isProcess(Wire wire, long pid) throws IOException {
    String head = exchange(wire, List.of("INFO", "server"));
    for (int read = 0, bytes = Integer.parseInt(head.substring(1)); read < bytes; ) {
      String line = wire.line();
      read += line.length() + 2;
      if (line.startsWith("process_id:")) {
        return line.equals("process_id:" + pid);
      }
    }
    return false;
  }

  private static String exchange(Wire wire, List<String> words) throws IOException {
    StringBuilder command = new StringBuilder("*").append(words.size()).append("\r\n");
    for (String word : words) {
      int bytes = word.getBytes(StandardCharsets.UTF_8).length;
      command.append('$').append(bytes).append("\r\n").append(word).append("\r\n");
    }
    wire.send(command.toString());
    return wire.line();
  }
}

package stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * PING in Redis' protocol (RESP2), after AUTH where the address has credentials.
 *
 * @param pid only this process passes; empty for any
 */
record RedisProbe(Address address, OptionalLong pid) implements Probe {
  /** Common to Redis' errors about credentials. */
  private static final Pattern CREDENTIALS =
      Pattern.compile("AUTH|WRONGPASS|NOPERM|DENIED|password");

  @Override
  public Answer run(Duration bound) {
    return Wire.probe(address, bound, this::exchange);
  }

  private Answer exchange(Wire wire) throws IOException {
    if (address.password().isPresent()) {
      String reply = authenticate(wire);
      if (!reply.equals("+OK")) {
        return refusal(reply);
      }
    }
    String reply = send(wire, "PING");
    if (!reply.equals("+PONG")) {
      return refusal(reply);
    }
    return pid.isEmpty() || isProcess(wire, pid.getAsLong())
        ? Answer.READY
        : new Answer(Kind.NOT_READY, "another Redis listens there");
  }

  private String authenticate(Wire wire) throws IOException {
    Optional<String> user = address.user();
    String password = address.password().orElseThrow();
    return user.isPresent()
        ? send(wire, "AUTH", user.get(), password)
        : send(wire, "AUTH", password);
  }

  private static Answer refusal(String reply) {
    String reason = reply.startsWith("-") ? reply.substring(1) : reply;
    if (reason.startsWith("LOADING") || reason.startsWith("MASTERDOWN")) {
      return new Answer(Kind.NOT_READY, reason);
    }
    boolean refused = reply.startsWith("-") && CREDENTIALS.matcher(reason).find();
    return new Answer(refused ? Kind.REFUSED : Kind.NOT_THIS_SERVER, reason);
  }

  private static boolean isProcess(Wire wire, long pid) throws IOException {
    String head = send(wire, "INFO", "server");
    for (int read = 0, bytes = Integer.parseInt(head.substring(1)); read < bytes; ) {
      String line = wire.line();
      read += line.length() + 2;
      if (line.startsWith("process_id:")) {
        return line.equals("process_id:" + pid);
      }
    }
    return false;
  }

  private static String send(Wire wire, String... words) throws IOException {
    StringBuilder command = new StringBuilder("*").append(words.length).append("\r\n");
    for (String word : words) {
      int bytes = word.getBytes(StandardCharsets.UTF_8).length;
      command.append('$').append(bytes).append("\r\n").append(word).append("\r\n");
    }
    wire.send(command.toString());
    return wire.line();
  }
}

package stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * INFO, CONNECT and PING in NATS' client protocol, with the credentials of the address.
 *
 * @param serverName only the server of this name passes; empty for any
 */
record NatsProbe(Address address, Optional<String> serverName) implements Probe {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public Answer run(Duration bound) {
    // TLS begins after the greeting, which is in plain text.
    return Wire.probe(address.plain(), bound, this::exchange);
  }

  private Answer exchange(Wire wire) throws IOException {
    String greeting = wire.line();
    if (!greeting.startsWith("INFO {")) {
      return new Answer(Kind.NOT_THIS_SERVER, "it sent '" + greeting + "'");
    }
    JsonNode info = JSON.readTree(greeting.substring("INFO ".length()));
    if (address.tls() || info.path("tls_required").asBoolean()) {
      wire.startTls();
    }
    wire.send("CONNECT " + options() + "\r\nPING\r\n");
    String reply = wire.line();
    while (reply.startsWith("INFO ") || reply.startsWith("+OK")) {
      reply = wire.line();
    }
    if (reply.startsWith("-ERR")) {
      return new Answer(Kind.REFUSED, reply.substring("-ERR".length()).strip());
    }
    if (!reply.equals("PONG")) {
      return new Answer(Kind.NOT_THIS_SERVER, "it sent '" + reply + "'");
    }
    String name = info.path("server_name").asText();
    return serverName.isEmpty() || serverName.get().equals(name)
        ? Answer.READY
        : new Answer(Kind.NOT_READY, "another nats-server listens there: " + name);
  }

  private ObjectNode options() {
    ObjectNode options =
        JSON.createObjectNode()
            .put("verbose", false)
            .put("pedantic", false)
            .put("tls_required", address.tls())
            .put("name", "gauntlet probe")
            .put("lang", "java")
            .put("version", "1")
            .put("protocol", 1);
    if (address.password().isPresent()) {
      return options.put("user", address.user().orElse("")).put("pass", address.password().get());
    }
    address.user().ifPresent(token -> options.put("auth_token", token));
    return options;
  }
}

package stack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * INFO, CONNECT and PING in NATS' client protocol, with credentials where the address has them.
 *
 * @param serverName only the server of this name is meant; empty for whoever answers
 */
record NatsProbe(Address address, Optional<String> serverName) implements Probe {
  private static final ObjectMapper JSON = new ObjectMapper();

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
      String greeting = wire.line();
      if (!greeting.startsWith("INFO {")) {
        return new Answer(Kind.NOT_THIS_SERVER, "it said '" + greeting + "'");
      }
      JsonNode info = JSON.readTree(greeting.substring("INFO ".length()));
      if (address.tls() || info.path("tls_required").asBoolean()) {
        wire.startTls();
      }
      wire.send("CONNECT " + options() + "\r\nPING\r\n");
      String said = wire.line();
      while (said.startsWith("INFO ") || said.startsWith("+OK")) {
        said = wire.line();
      }
      if (said.startsWith("-ERR")) {
        return new Answer(Kind.REFUSED, said.substring("-ERR".length()).strip());
      }
      if (!said.equals("PONG")) {
        return new Answer(Kind.NOT_THIS_SERVER, "it said '" + said + "'");
      }
      String name = info.path("server_name").asText();
      return serverName.isEmpty() || serverName.get().equals(name)
          ? Answer.READY
          : new Answer(Kind.NOT_READY, "another nats-server listens there: " + name);
    } catch (IOException e) {
      return new Answer(Kind.NOT_THIS_SERVER, e.getMessage());
    }
  }

  private String options() throws JsonProcessingException {
    Map<String, Object> options = new LinkedHashMap<>();
    options.put("verbose", false);
    options.put("pedantic", false);
    options.put("tls_required", address.tls());
    options.put("name", "gauntlet probe");
    options.put("lang", "java");
    options.put("version", "1");
    options.put("protocol", 1);
    if (address.password().isPresent()) {
      options.put("user", address.user().orElse(""));
      options.put("pass", address.password().get());
    } else {
      address.user().ifPresent(token -> options.put("auth_token", token));
    }
    return JSON.writeValueAsString(options);
  }
}

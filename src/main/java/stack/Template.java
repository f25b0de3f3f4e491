package stack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A server's configuration, from the resource of its name with places such as {@code ${port}}. */
record Template(String name) {

  /** Returns the configuration with a value at each place. */
  String filled(Map<String, ?> values) {
    String text = text();
    for (Map.Entry<String, ?> value : values.entrySet()) {
      text = text.replace("${" + value.getKey() + "}", value.getValue().toString());
    }
    return text;
  }

  private String text() {
    try (InputStream content = Template.class.getResourceAsStream("/stack/" + name + ".conf")) {
      return new String(content.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new StackFailure("cannot read the resource stack/" + name + ".conf", e);
    }
  }
}

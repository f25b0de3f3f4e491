package targets.auction;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The scripts and the schema that come with the program. */
public final class Resource {
  private Resource() {}

  /** Returns the text of a file in {@code resources/auction}. */
  public static String text(String name) {
    try (InputStream in = Resource.class.getResourceAsStream("/auction/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the program's own " + name, e);
    }
  }
}

package simulations.run;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import settings.Option;

/**
 * Where a run is shown while it goes on, beside the console.
 *
 * @param live port of the page and the Prometheus text
 * @param otlpHeader headers for it, which may be secrets
 */
record LiveSettings(
    @Option Port live,
    @Option(matches = "[^\\s/]+", otherwise = "is not an address such as 0.0.0.0")
        String liveAddress,
    @Option(name = "otlp.endpoint", like = "http://127.0.0.1:4318") Optional<URI> otlpEndpoint,
    @Option(name = "otlp.header") Optional<Headers> otlpHeader,
    @Option(name = "otlp.interval", in = "1s..1h") Duration otlpInterval) {

  /** A port to listen on; empty for none, 0 for any free one. */
  record Port(OptionalInt number) {
    /** The port if none is named. */
    static final int DEFAULT = 10_099;

    private static final int MAX = 65_535;

    /**
     * Parses a port, or a switch.
     *
     * @throws IllegalArgumentException with the sentence of the error
     */
    static Port parse(String text) {
      boolean isNumber = text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= MAX;
      if (!isNumber && !text.matches("true|false")) {
        String sentence = "'%s' is not a port; write 0 for any free one, 1 to %s, or true for %s";
        throw new IllegalArgumentException(sentence.formatted(text, MAX, DEFAULT));
      }
      return new Port(
          text.equals("false")
              ? OptionalInt.empty()
              : OptionalInt.of(isNumber ? Integer.parseInt(text) : DEFAULT));
    }
  }
}

package bench;

import java.net.URI;
import java.util.OptionalLong;

/**
 * One way from the receiver to llm.
 *
 * @param name in the table
 * @param version what carries the streams, in its own words
 * @param url where streams are asked for
 * @param pid the process that carries them; empty for the direct way
 */
public record Lane(String name, String version, URI url, OptionalLong pid) {
  /** The way that everything is compared with for latency. */
  static final String DIRECT = "direct";

  /** The way that everything is compared with for CPU. */
  static final String GAUNTLET = "gauntlet";
}

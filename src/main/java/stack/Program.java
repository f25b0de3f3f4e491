package stack;

import java.nio.file.Path;

/**
 * A server program that runs here.
 *
 * @param version what it says of itself
 */
record Program(Path file, String version) {}

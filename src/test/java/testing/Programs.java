package testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Programs that a test uses if the machine has them. */
public final class Programs {
  private Programs() {}

  /** Returns the first of these that is on the PATH; without any the test is skipped. */
  public static String required(String... names) {
    Optional<String> found =
        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
            .flatMap(folder -> Stream.of(names).map(name -> Path.of(folder, name)))
            .filter(Files::isExecutable)
            .map(Path::toString)
            .findFirst();
    Assumptions.assumeTrue(found.isPresent(), "skipped: not on the PATH: " + List.of(names));
    return found.get();
  }
}

package tidy;

import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Nothing in the tree may depend on the machine that it was written on. */
final class PlaceRules {
  private static final Pattern FOLDER = Pattern.compile("(?<![\\w.$}*-])/(work|root|tmp)/");
  private static final Pattern REGISTRY =
      Pattern.compile(
          "(?i)https?://[^/\\s\"<]*"
              + "(artifac[t]ory|nexu[s]|jfro[g]|regist[r]y|repo1?\\.mave[n])[^/\\s]*/");

  private PlaceRules() {}

  /** Absolute paths of a machine. */
  static Stream<String> folders(SourceFile file) {
    return file.breaches("no absolute path of a machine", line -> FOLDER.matcher(line).find());
  }

  /** Hosts of package registries. */
  static Stream<String> registries(SourceFile file) {
    return file.breaches("no host of a registry", line -> REGISTRY.matcher(line).find());
  }
}

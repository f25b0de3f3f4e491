package targets.defects;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import settings.SettingsReader;

/**
 * The troubles that every target can have, next to its own mistakes; none by default. They are
 * there to prove that a regression gate catches each by a rule of its own. Immutable; {@link
 * Troubles} makes them happen.
 *
 * @param slowPercent so many per cent more CPU time for the same work, 1 to 1,000; 0 for none
 * @param leakBytesPerS heap retained per second, 1,000 to 100,000,000; 0 for none
 * @param fdEvery one descriptor is lost for so many requests, 1 to 1,000,000; 0 for none
 * @param threadEvery one thread is lost for so many requests, 1 to 1,000,000; 0 for none
 * @param errorsPer100k so many of 100,000 requests are answered with an error; 0 for none
 */
record TroublePlan(
    int slowPercent, long leakBytesPerS, int fdEvery, int threadEvery, int errorsPer100k) {
  private static final String COUNT = "a whole number from 1 to 1000000";

  private static final Amount SLOW =
      new Amount(
          "slow",
          "",
          Map.of("%", 1L),
          new Range(1, 1_000, "a whole percentage from 1% to 1000%"),
          "slow=20%");

  private static final Amount LEAK =
      new Amount(
          "leak",
          "",
          Map.of("MB/s", 1_000_000L, "KB/s", 1_000L),
          new Range(1_000, 100_000_000, "a rate from 1KB/s to 100MB/s"),
          "leak=1MB/s");

  private static final Amount DESCRIPTORS =
      new Amount("fd-leak", "1", Map.of("", 1L), new Range(1, 1_000_000, COUNT), "fd-leak=1");

  /** A smoke run has some 700 streams: 70 threads are visible, and disturb nothing. */
  private static final Amount THREADS =
      new Amount(
          "thread-leak", "10", Map.of("", 1L), new Range(1, 1_000_000, COUNT), "thread-leak=10");

  private static final Amount ERRORS =
      new Amount(
          "error",
          "",
          Map.of("%", 1_000L),
          new Range(1, 100_000, "a percentage from 0.001% to 100%"),
          "error=6%");

  private static final List<Amount> ALL = List.of(SLOW, LEAK, DESCRIPTORS, THREADS, ERRORS);

  private static final long WHOLE = 100_000;

  /** Every name, in the order of the help. */
  static List<String> names() {
    return ALL.stream().map(Amount::name).toList();
  }

  /**
   * Reads what is switched on.
   *
   * @param reader takes the errors
   * @param path the setting that the values are of
   * @param values what was given, by name; an empty text for a name without a value
   */
  static TroublePlan read(SettingsReader reader, String path, Map<String, String> values) {
    return new TroublePlan(
        (int) SLOW.read(reader, path, values),
        LEAK.read(reader, path, values),
        (int) DESCRIPTORS.read(reader, path, values),
        (int) THREADS.read(reader, path, values),
        (int) ERRORS.read(reader, path, values));
  }

  /**
   * Whether a request is one of those that are answered with an error. They are spread evenly: of
   * any hundred neighbours at 6 %, six.
   *
   * @param number of the request, from 1
   */
  boolean fails(long number) {
    return number * errorsPer100k / WHOLE > (number - 1) * errorsPer100k / WHOLE;
  }

  /** Returns true if nothing is switched on. */
  boolean isEmpty() {
    return slowPercent == 0 && leakBytesPerS == 0 && !countsRequests();
  }

  /** Returns true if something happens at requests. */
  boolean countsRequests() {
    return fdEvery > 0 || threadEvery > 0 || errorsPer100k > 0;
  }

  /** From, to, and both in words. */
  private record Range(long min, long max, String words) {}

  /**
   * How the value of one trouble is written.
   *
   * @param name of the trouble
   * @param otherwise the value of a name that stands alone; empty if it must not
   * @param units what may follow the number, with its factor
   * @param range after the factor
   * @param sample name and value, as one would write them
   */
  private record Amount(
      String name, String otherwise, Map<String, Long> units, Range range, String sample) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)(.*)");

    /** The value in units of factor 1; 0 if the trouble is off, or the value wrong. */
    long read(SettingsReader reader, String path, Map<String, String> values) {
      if (!values.containsKey(name)) {
        return 0;
      }
      String given = values.get(name);
      Matcher form = FORM.matcher(given.isEmpty() ? otherwise : given);
      if (form.matches() && units.containsKey(form.group(2))) {
        BigDecimal factor = BigDecimal.valueOf(units.get(form.group(2)));
        BigDecimal value = new BigDecimal(form.group(1)).multiply(factor).stripTrailingZeros();
        boolean inside =
            value.compareTo(BigDecimal.valueOf(range.min())) >= 0
                && value.compareTo(BigDecimal.valueOf(range.max())) <= 0;
        if (inside && value.scale() <= 0) {
          return value.longValueExact();
        }
      }
      String wrong = name + ": '" + given + "' is not " + range.words();
      reader.error(path, wrong + "; write for example " + sample);
      return 0;
    }
  }
}

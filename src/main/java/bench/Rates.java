package bench;

import java.util.ArrayList;
import java.util.List;
import settings.SettingsReader;

/** The rising numbers of benches that raise their load step by step. */
public final class Rates {
  private static final int RATES_MAX = 50;

  private Rates() {}

  /** Reads the option {@code --rates}; see the other method. */
  public static List<Integer> read(SettingsReader from, int highest) {
    return read(from, "rates", highest);
  }

  /**
   * Reads an option; wrong numbers are noted in the reader.
   *
   * @param option its name, in the plural
   * @param highest that may be asked for
   * @return rising numbers with commas between them
   */
  public static List<Integer> read(SettingsReader from, String option, int highest) {
    List<Integer> rates = new ArrayList<>();
    String text = from.text(option);
    for (String word : text.split(",", -1)) {
      String digits = word.strip();
      int rate = digits.matches("[0-9]{1,7}") ? Integer.parseInt(digits) : 0;
      if (rate < 1 || rate > highest) {
        from.error(
            option,
            "'%s' is no number from 1 to %d; write such as 1000,2000,4000"
                .formatted(word, highest));
      } else if (!rates.isEmpty() && rate <= rates.get(rates.size() - 1)) {
        from.error(option, "'" + text + "' must rise from each number to the next");
      }
      rates.add(rate);
    }
    if (rates.size() > RATES_MAX) {
      from.error(option, "has " + rates.size() + " numbers; write at most " + RATES_MAX);
    }
    return List.copyOf(rates);
  }
}

package gauntlet;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Plain text in columns: the first aligned to the left, the others to the right. */
public final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  /** A table without a head. */
  public Table() {}

  /** A table with a head: the names of the columns, with {@code |} between them. */
  public Table(String names) {
    row(names.split(" *\\| *", -1));
  }

  /** Adds a row; every row has as many cells as the first. */
  public Table row(String... cells) {
    rows.add(List.of(cells));
    return this;
  }

  /** Returns the lines, without trailing blanks. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        int at = column;
        int width = rows.stream().mapToInt(each -> each.get(at).length()).max().orElse(1);
        String form = column == 0 ? "%-" + width + "s" : "  %" + width + "s";
        line.append(String.format(Locale.ROOT, form, row.get(column)));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  /** Formats a whole number. */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** Formats a number with so many decimals; a dash for none. */
  public static String number(OptionalDouble value, int decimals) {
    return value.isEmpty() ? "-" : number(value.getAsDouble(), decimals);
  }

  /** Formats a number with so many decimals. */
  public static String number(double value, int decimals) {
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }
}

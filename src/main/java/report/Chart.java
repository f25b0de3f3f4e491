package report;

import java.util.List;

/**
 * A chart, ready to be drawn by the page's script.
 *
 * @param shape {@code line}, {@code area} or {@code stack}
 * @param summary the content in a sentence, for readers without sight or script
 */
record Chart(
    String id,
    String title,
    String unit,
    String shape,
    String summary,
    List<Series> series,
    List<Mark> marks) {

  /**
   * A line: values at x; null where there was none.
   *
   * @param role style: {@code typical}, {@code tail}, {@code extreme} or {@code plain}
   */
  record Series(String name, String role, List<Double> x, List<Double> values) {}

  /** A level, such as the offered load or a limit. */
  record Mark(String name, double value) {}

  /** A phase, or something that happened; cut if its figures are not to be taken as they are. */
  record Phase(String name, double start, double end, boolean cut) {}
}

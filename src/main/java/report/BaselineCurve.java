package report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The latency distribution of a baseline: the few percentiles that baseline.json keeps.
 *
 * @param points percentiles below the maximum, in rising order, dense enough to draw a line
 * @param max the longest in ms; null if it is not known
 */
record BaselineCurve(List<Point> points, Double max) {
  /** So many ms at that percentile, 0 to less than 100. */
  record Point(double percentile, double ms) {}

  static BaselineCurve of(JsonNode percentiles) {
    List<Point> points = new ArrayList<>();
    Double max = null;
    for (Map.Entry<String, JsonNode> entry : percentiles.properties()) {
      double at = percentile(entry.getKey());
      boolean known = JsonNumbers.finite(entry.getValue()) && entry.getValue().asDouble() >= 0;
      if (known && at == 100) {
        max = entry.getValue().asDouble();
      } else if (known && at >= 0 && at < 100) {
        points.add(new Point(at, entry.getValue().asDouble()));
      }
    }
    points.sort(Comparator.comparingDouble(Point::percentile));
    // A line from the shortest to the median would claim a shape that nobody kept.
    if (points.size() > 1 && points.get(0).percentile() == 0 && points.get(1).percentile() >= 50) {
      points.remove(0);
    }
    return new BaselineCurve(points, max);
  }

  /** Whether there is something to draw a line through. */
  boolean drawable() {
    return points.size() >= 2;
  }

  private static double percentile(String key) {
    // Not parseDouble alone: it takes "NaN" and "0x1p3" for numbers.
    return key.matches("\\d{1,3}(\\.\\d{1,9})?") ? Double.parseDouble(key) : -1;
  }
}

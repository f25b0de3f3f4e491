package report;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The colours of report.css, without a browser. */
final class ColoursTest {
  private static final Pattern COLOUR = Pattern.compile("--(\\w+): (#[0-9a-f]{6}|rgba\\([^)]*\\))");
  private static final String DARK = "@media (prefers-color-scheme: dark)";

  /** Least contrast of text by WCAG 2, level AA. */
  private static final double READABLE = 4.5;

  /** Share of the tone in the first screen's background, and in that of a marked figure. */
  private static final double[] TINTS = {0, 0.05, 0.14};

  private Map<String, String> light;
  private Map<String, String> dark;

  @BeforeEach
  void read() throws IOException {
    String style = Template.text("report/report.css");
    int from = style.indexOf(DARK);
    light = colours(style.substring(0, from));
    dark = colours(style.substring(from, style.indexOf(".tone-PASS")));
  }

  @Test
  void every_colour_has_its_dark_one() {
    assertThat(light).hasSizeGreaterThan(15);
    assertThat(dark.keySet()).isEqualTo(light.keySet());
  }

  @Test
  void texts_can_be_read_on_paper_and_on_each_tint() {
    readable(light);
    readable(dark);
  }

  private static void readable(Map<String, String> scheme) {
    double[] paper = rgb(scheme, "paper");
    for (String tone : new String[] {"pass", "warn", "fail", "inconclusive", "invalid", "soft"}) {
      for (double share : TINTS) {
        double[] tint = mixed(rgb(scheme, tone), paper, share);
        assertThat(contrast(rgb(scheme, tone), tint)).as(tone).isGreaterThan(READABLE);
        assertThat(contrast(rgb(scheme, "ink"), tint)).as(tone).isGreaterThan(READABLE);
      }
      double[] first = mixed(rgb(scheme, tone), paper, TINTS[1]);
      assertThat(contrast(rgb(scheme, "soft"), first)).as(tone).isGreaterThan(READABLE);
      assertThat(contrast(rgb(scheme, "on"), rgb(scheme, tone))).as(tone).isGreaterThan(READABLE);
    }
  }

  private static Map<String, String> colours(String style) {
    return COLOUR.matcher(style).results().collect(toMap(m -> m.group(1), m -> m.group(2)));
  }

  private static double[] rgb(Map<String, String> scheme, String name) {
    int value = Integer.parseInt(scheme.get(name).substring(1), 16);
    return new double[] {value >> 16, value >> 8 & 255, value & 255};
  }

  private static double[] mixed(double[] one, double[] other, double share) {
    return IntStream.range(0, 3)
        .mapToDouble(i -> one[i] * share + other[i] * (1 - share))
        .toArray();
  }

  /** Contrast ratio by WCAG 2: 1 to 21. */
  private static double contrast(double[] one, double[] other) {
    double a = luminance(one);
    double b = luminance(other);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }

  private static double luminance(double[] rgb) {
    return 0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2]);
  }

  private static double linear(double value) {
    double share = value / 255;
    return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
  }
}

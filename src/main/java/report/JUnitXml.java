package report;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import kpi.UnusableFile;
import verdict.Check;
import verdict.Check.Outcome;

/**
 * junit.xml: one test case per check, for CI servers. FAIL is a failure; INVALID and INCONCLUSIVE
 * are errors, for a test without a result did not pass; WARN passes with a note in its output. A
 * comparison that does not count in the verdict is skipped.
 */
public final class JUnitXml {
  private static final String FILE = "junit.xml";

  private JUnitXml() {}

  /**
   * A test case.
   *
   * @param element {@code failure}, {@code error}, {@code skipped} or {@code system-out}; empty for
   *     a check that passed
   */
  private record Case(String kind, Check check, String element) {
    static Case of(Check check, boolean counts) {
      String element =
          switch (check.outcome()) {
            case PASS -> "";
            case WARN -> "system-out";
            case FAIL -> "failure";
            case INVALID, INCONCLUSIVE -> counts ? "error" : "skipped";
          };
      return new Case(check.kind().word(), check, element);
    }

    boolean isRed() {
      return element.equals("failure") || element.equals("error");
    }
  }

  /**
   * Writes junit.xml into a run folder, over an older one.
   *
   * @return the file
   * @throws UnusableFile if there is no readable manifest.json
   * @throws IOException if the file cannot be written
   */
  public static Path write(Path runFolder) throws IOException, UnusableFile {
    RunFiles run = RunFiles.read(runFolder);
    try {
      return Files.writeString(runFolder.resolve(FILE), xml(run));
    } catch (XMLStreamException e) {
      throw new IOException("Cannot write " + runFolder.resolve(FILE), e);
    }
  }

  private static String xml(RunFiles run) throws XMLStreamException {
    Headline headline = Headline.of(run, Marks.of(run));
    List<Case> cases = cases(run, headline);
    String suite = headline.simulation() + "." + headline.profile();
    StringWriter text = new StringWriter();
    XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
    xml.writeStartDocument("UTF-8", "1.0");
    xml.writeCharacters("\n");
    xml.writeStartElement("testsuite");
    attribute(xml, "name", suite);
    attribute(xml, "tests", String.valueOf(cases.size()));
    attribute(xml, "failures", count(cases, "failure"));
    attribute(xml, "errors", count(cases, "error"));
    attribute(xml, "skipped", count(cases, "skipped"));
    attribute(xml, "timestamp", run.manifest().started());
    for (Case each : cases) {
      testCase(xml, suite, each);
    }
    xml.writeCharacters("\n");
    xml.writeEndElement();
    xml.writeCharacters("\n");
    xml.writeEndDocument();
    return text.toString();
  }

  /** Returns the checks, and the verdict itself if it is red and no check is. */
  private static List<Case> cases(RunFiles run, Headline headline) {
    List<Case> cases = new ArrayList<>();
    run.verdict()
        .ifPresent(
            verdict ->
                verdict
                    .checks()
                    .forEach(check -> cases.add(Case.of(check, verdict.counts(check)))));
    boolean green = headline.tone().isGood() && !cases.isEmpty();
    if (!green && cases.stream().noneMatch(Case::isRed)) {
      Outcome outcome = headline.tone().isGood() ? Outcome.INCONCLUSIVE : headline.tone();
      String reason = headline.sentence() + " " + headline.quiet();
      Check verdict =
          new Check("verdict", Check.Kind.VALIDITY, outcome, headline.verdict(), "PASS", reason);
      cases.add(new Case("verdict", verdict, Case.of(verdict, true).element()));
    }
    return cases;
  }

  private static String count(List<Case> cases, String element) {
    return String.valueOf(cases.stream().filter(each -> each.element().equals(element)).count());
  }

  private static void testCase(XMLStreamWriter xml, String suite, Case each)
      throws XMLStreamException {
    Check check = each.check();
    xml.writeCharacters("\n  ");
    xml.writeStartElement("testcase");
    attribute(xml, "classname", suite + "." + each.kind());
    attribute(xml, "name", check.name());
    if (!each.element().isEmpty()) {
      String body = check.reason() + "\nfigure: " + check.figure() + "\nlimit: " + check.limit();
      xml.writeStartElement(each.element());
      if (each.isRed()) {
        attribute(xml, "type", check.outcome().name());
      }
      if (each.element().equals("system-out")) {
        xml.writeCharacters(legal("WARN: " + body));
      } else {
        attribute(xml, "message", check.reason());
        xml.writeCharacters(each.isRed() ? legal(body) : "");
      }
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  private static void attribute(XMLStreamWriter xml, String name, String value)
      throws XMLStreamException {
    xml.writeAttribute(name, legal(value));
  }

  /** Replaces control characters: XML 1.0 has no way to write most of them, not even escaped. */
  private static String legal(String text) {
    StringBuilder legal = new StringBuilder(text.length());
    text.codePoints().map(c -> allowed(c) ? c : '\uFFFD').forEach(legal::appendCodePoint);
    return legal.toString();
  }

  private static boolean allowed(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || (c >= ' ' && c <= 0xD7FF)
        || (c >= 0xE000 && c <= 0xFFFD)
        || c >= 0x10000;
  }
}

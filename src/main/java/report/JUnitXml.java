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

/**
 * junit.xml: one test case per check, for CI servers. FAIL is a failure; INVALID and INCONCLUSIVE
 * are errors, for a test that could not tell is not a test that passed; WARN passes and says so in
 * its output. A comparison that could not be made and was not asked for is skipped, as the verdict
 * does not count it either.
 */
public final class JUnitXml {
  private static final String FILE = "junit.xml";

  private JUnitXml() {}

  /**
   * Writes junit.xml into a run folder, over an older one.
   *
   * @return the file
   * @throws IOException if there is no readable manifest.json, or the file cannot be written
   */
  public static Path write(Path runFolder) throws IOException {
    RunFolder run = RunFolder.read(runFolder);
    try {
      return Files.writeString(runFolder.resolve(FILE), xml(run));
    } catch (XMLStreamException e) {
      throw new IOException("Cannot write " + runFolder.resolve(FILE), e);
    }
  }

  private static String xml(RunFolder run) throws XMLStreamException {
    List<Check> cases = cases(run);
    String simulation = run.manifest().path("simulation").asText("simulation");
    String suite = simulation + "." + run.manifest().path("profile").asText("default");
    StringWriter text = new StringWriter();
    XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
    xml.writeStartDocument("UTF-8", "1.0");
    xml.writeCharacters("\n");
    xml.writeStartElement("testsuite");
    attribute(xml, "name", suite);
    attribute(xml, "tests", String.valueOf(cases.size()));
    attribute(xml, "failures", count(cases, run, "failure"));
    attribute(xml, "errors", count(cases, run, "error"));
    attribute(xml, "skipped", count(cases, run, "skipped"));
    attribute(xml, "timestamp", run.manifest().path("started").asText(""));
    for (Check check : cases) {
      testCase(xml, suite, check, element(check, run));
    }
    xml.writeCharacters("\n");
    xml.writeEndElement();
    xml.writeCharacters("\n");
    xml.writeEndDocument();
    return text.toString();
  }

  /** The checks, and the verdict itself where no check tells that the run is not green. */
  private static List<Check> cases(RunFolder run) {
    Marks marks = Marks.of(run);
    List<Check> cases = new ArrayList<>(marks.checks());
    Headline headline = Headline.of(run, marks);
    boolean told = cases.stream().anyMatch(c -> red(c.outcome()) && !c.open(run.verdict()));
    if (!told && (red(headline.tone()) || cases.isEmpty())) {
      Outcome outcome = red(headline.tone()) ? headline.tone() : Outcome.INCONCLUSIVE;
      String reason = headline.sentence() + " " + headline.quiet();
      cases.add(new Check("verdict", "verdict", outcome, headline.verdict(), "PASS", reason));
    }
    return cases;
  }

  private static boolean red(Outcome outcome) {
    return outcome != Outcome.PASS && outcome != Outcome.WARN;
  }

  private static String count(List<Check> cases, RunFolder run, String element) {
    return String.valueOf(cases.stream().filter(c -> element(c, run).equals(element)).count());
  }

  /** The element that tells a CI server how a check ended; empty for one that passed. */
  private static String element(Check check, RunFolder run) {
    return switch (check.outcome()) {
      case PASS -> "";
      case WARN -> "system-out";
      case FAIL -> "failure";
      case INVALID, INCONCLUSIVE -> check.open(run.verdict()) ? "skipped" : "error";
    };
  }

  private static void testCase(XMLStreamWriter xml, String suite, Check check, String element)
      throws XMLStreamException {
    xml.writeCharacters("\n  ");
    xml.writeStartElement("testcase");
    attribute(xml, "classname", suite + "." + check.kind());
    attribute(xml, "name", check.name());
    if (element.equals("system-out")) {
      xml.writeStartElement(element);
      xml.writeCharacters(legal("WARN: " + body(check)));
      xml.writeEndElement();
    } else if (element.equals("skipped")) {
      xml.writeStartElement(element);
      attribute(xml, "message", check.reason());
      xml.writeEndElement();
    } else if (!element.isEmpty()) {
      problem(xml, element, check);
    }
    xml.writeEndElement();
  }

  private static void problem(XMLStreamWriter xml, String element, Check check)
      throws XMLStreamException {
    xml.writeStartElement(element);
    attribute(xml, "type", check.outcome().name());
    attribute(xml, "message", check.reason());
    xml.writeCharacters(legal(body(check)));
    xml.writeEndElement();
  }

  private static String body(Check check) {
    return check.reason() + "\nfigure: " + check.figure() + "\nlimit: " + check.limit();
  }

  private static void attribute(XMLStreamWriter xml, String name, String value)
      throws XMLStreamException {
    xml.writeAttribute(name, legal(value));
  }

  /** XML 1.0 has no way to write most control characters, not even escaped. */
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

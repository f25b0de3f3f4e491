package kpi;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A file that cannot be used; the message says which, why, and what to do. */
public final class UnusableFile extends Exception {
  private static final long serialVersionUID = 1;

  /** Jackson's advice to programmers, and the class that it could not create. */
  private static final Pattern ADVICE =
      Pattern.compile("(; `Deser| \\(set Deser| \\(but could if|: not allowed when `Deser).*");

  private static final Pattern PROBLEM =
      Pattern.compile("^Cannot construct instance of .*, problem: ");

  private static final Pattern MISSING =
      Pattern.compile("Missing (?:required )?creator property ('[^']*') \\(index \\d+\\)");

  public UnusableFile(String message) {
    super(message);
  }

  public UnusableFile(String message, Throwable cause) {
    super(message, cause);
  }

  /** Returns what a JSON reader found wrong and where, without the source text. */
  public static String reason(JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    String path = e instanceof JsonMappingException mapping ? path(mapping) : "";
    String where = at == null || at.getLineNr() < 1 ? path : "line " + at.getLineNr();
    String what = ADVICE.matcher(e.getOriginalMessage()).replaceFirst("");
    what = PROBLEM.matcher(what).replaceFirst("");
    return MISSING.matcher(what).replaceFirst("$1 is missing")
        + (where.isEmpty() ? "" : " (" + where + ")");
  }

  /** Returns the sentence about a schema that is not the one this program writes. */
  public static String schema(JsonNode found, int known) {
    return found.isIntegralNumber()
            && found.bigIntegerValue().compareTo(BigInteger.valueOf(known)) > 0
        ? " has schema " + found + ", newer than the " + known + " known here; update Gauntlet."
        : " has no schema " + known + "; it was not written by Gauntlet.";
  }

  private static String path(JsonMappingException e) {
    return e.getPath().stream()
        .map(step -> step.getFieldName() == null ? "" + step.getIndex() : step.getFieldName())
        .collect(Collectors.joining(" / "));
  }
}

package baseline;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;

/** A file that cannot be used; the message says which, why, and what to do. */
public final class UnusableFile extends Exception {
  private static final long serialVersionUID = 1;

  /**
   * @param message a sentence for the user
   */
  public UnusableFile(String message) {
    super(message);
  }

  /**
   * @param message a sentence for the user
   * @param cause what was thrown
   */
  public UnusableFile(String message, Throwable cause) {
    super(message, cause);
  }

  /** What a JSON reader complained about, and where, without the source text. */
  static String reason(JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    String path = e instanceof JsonMappingException mapping ? mapping.getPathReference() : "";
    String where = at == null || at.getLineNr() < 1 ? path : "line " + at.getLineNr();
    return e.getOriginalMessage() + (where.isEmpty() ? "" : " (" + where + ")");
  }

  /** What is wrong with a schema that is not the one this program writes. */
  static String schema(JsonNode found, int known) {
    return found.isInt() && found.asInt() > known
        ? " has schema " + found + ", newer than the " + known + " known here; update Gauntlet."
        : " has no schema " + known + "; it was not written by Gauntlet.";
  }
}

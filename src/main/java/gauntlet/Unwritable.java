package gauntlet;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import kpi.UnusableFile;

/** Errors of the file system as sentences for the user. */
final class Unwritable {
  private Unwritable() {}

  /**
   * Returns the refusal.
   *
   * @param what the path to be written
   * @param e the cause
   */
  static UnusableFile of(Path what, IOException e) {
    return new UnusableFile(what + " cannot be written: " + reason(e) + ".", e);
  }

  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException denied) {
      return "access to " + denied.getFile() + " is denied";
    }
    if (e instanceof FileAlreadyExistsException inTheWay) {
      return inTheWay.getFile() + " exists and is not a folder";
    }
    if (e instanceof FileSystemException failed && failed.getReason() != null) {
      return failed.getFile() + ": " + failed.getReason();
    }
    return e.toString();
  }
}

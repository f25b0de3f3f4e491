package gauntlet;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import kpi.UnusableFile;

/** What a file system complained about, as a sentence for the one who named the file. */
final class Unwritable {
  private Unwritable() {}

  /**
   * The refusal.
   *
   * @param what was to be written
   * @param e why it was not
   */
  static UnusableFile of(Path what, IOException e) {
    return new UnusableFile(what + " cannot be written: " + reason(e) + ".", e);
  }

  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException denied) {
      return "access to " + denied.getFile() + " is denied";
    }
    if (e instanceof FileAlreadyExistsException inTheWay) {
      return inTheWay.getFile() + " is there and is no folder";
    }
    if (e instanceof FileSystemException failed && failed.getReason() != null) {
      return failed.getFile() + ": " + failed.getReason();
    }
    return e.toString();
  }
}

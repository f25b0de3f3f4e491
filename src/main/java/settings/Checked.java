package settings;

/** A record of settings that must agree with each other. */
public interface Checked {
  /**
   * Reports values that contradict each other; called once all are read. A wrong value stands as
   * its lower bound, so a check of values that may be wrong begins with {@link
   * SettingsReader#isRight}.
   */
  void check(SettingsReader reader);
}

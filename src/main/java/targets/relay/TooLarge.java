package targets.relay;

/** How a message that NATS would refuse is explained. */
final class TooLarge {
  private TooLarge() {}

  static String reason(long bytes, long max) {
    return "a message of " + bytes + " bytes is larger than the " + max + " that NATS takes";
  }
}

package simulations.relay;

/** The text of a token, which nobody else's token has: a pure function of its place. */
final class TokenText {
  private static final int RADIX = 36;
  private static final long ODD = 0x9E3779B97F4A7C15L;
  private static final long MIX = 0xBF58476D1CE4E5B9L;

  private TokenText() {}

  /**
   * The text of a token, some 8 letters and digits.
   *
   * @param conversation its id
   * @param sequence from 1
   */
  static String of(String conversation, long sequence) {
    long mixed = (conversation.hashCode() + sequence * ODD) * MIX;
    return Long.toString((mixed ^ (mixed >>> 31)) & 0xFFFF_FFFF_FFL, RADIX);
  }
}

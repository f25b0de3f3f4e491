package settings;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An endless text, one word a token, that is a pure function of a seed. Two neighbours within
 * {@value #WINDOW} tokens are never the same word, so that a lost, repeated or swapped token
 * differs from a wrong one.
 *
 * <p>Token k is the word number {@code (k mod 8) * 32 + (mix(seed + k * GOLDEN) mod 32)} of a list
 * of 256, preceded by a space unless k is 0; mix is the finaliser of SplitMix64 (Steele, Lea and
 * Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014). Immutable.
 */
public record SeededText(long seed) {
  /** Number of tokens within which no word appears twice. */
  public static final int WINDOW = 8;

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final int BAND = 32;
  private static final String[] ONSETS = {"b", "d", "f", "g", "k", "l", "m", "n"};
  private static final String[] VOWELS = {"a", "e", "i", "o"};
  private static final String[] CODAS = {"l", "m", "n", "r", "s", "t", "x", "nd"};

  /** With a space before each: made once, so that a token costs no allocation after the first. */
  private static final String[] WORDS = words();

  /**
   * Returns the text of one token.
   *
   * @param index position in the stream, from 0
   */
  public String token(int index) {
    int band = index % WINDOW;
    int offset = (int) Long.remainderUnsigned(mix(seed + index * GOLDEN), BAND);
    String word = WORDS[band * BAND + offset];
    return index == 0 ? word.strip() : word;
  }

  /** Returns the first tokens, joined. */
  public String first(int tokens) {
    return IntStream.range(0, tokens).mapToObj(this::token).collect(Collectors.joining());
  }

  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private static String[] words() {
    String[] words = new String[ONSETS.length * VOWELS.length * CODAS.length];
    int next = 0;
    for (String onset : ONSETS) {
      for (String vowel : VOWELS) {
        for (String coda : CODAS) {
          words[next++] = " " + onset + vowel + coda;
        }
      }
    }
    return words;
  }
}

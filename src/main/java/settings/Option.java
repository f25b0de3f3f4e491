package settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes one option of a record of settings, as its component. {@link SettingsReader#read} reads
 * such records; components without it are records that are read in turn.
 *
 * <p>A component is a text, a number, a flag, a Duration, a URI, an enum, or of a type with a
 * static {@code parse(String)} that throws IllegalArgumentException with the sentence of the error;
 * an Optional of them if it may be absent, or a List of them.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Option {
  /** The default as the user would type it; empty for none, or if the configuration has it. */
  String value() default "";

  /** The meaning, in one line for the help. */
  String help() default "";

  /** The option's name; by default the component's, as {@code max-streams} of maxStreams. */
  String name() default "";

  /**
   * The bounds, both inclusive, such as {@code 1s..1h}; without the second one, those of the type.
   * A number whose bounds are sizes, such as {@code 1..64MiB}, is one of bytes.
   */
  String in() default "0..";

  /** The notation of a Duration. */
  Form form() default Form.PLAIN;

  /**
   * An address of the schemes that are accepted, with a query if one may have it; by default the
   * default.
   */
  String like() default "";

  /** The regular expression that the whole text matches. */
  String matches() default ".*";

  /** The word by which thresholds name a Duration; empty if they do not. */
  String word() default "";

  /** What an error says of a text that does not match, such as {@code is not a name}. */
  String otherwise() default "";

  /** The notation of a Duration. */
  enum Form {
    /** With its unit. */
    PLAIN,
    /** A plain number is in milliseconds. */
    MILLIS,
    /** Whole seconds. */
    SECONDS
  }
}

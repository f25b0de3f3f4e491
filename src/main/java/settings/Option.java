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
  String about() default "";

  /** The option's name; by default the component's, as {@code max-streams} of maxStreams. */
  String name() default "";

  /** The lower bound, written as a value; by default 0. */
  String min() default "";

  /** The upper bound, written as a value; by default the type's own. */
  String max() default "";

  /** The notation of a number or a Duration. */
  Form form() default Form.PLAIN;

  /** An address of the schemes that are accepted; by default that of the default. */
  String like() default "";

  /** The regular expression that the whole text matches. */
  String matches() default ".*";

  /** What an error says of a text that does not match, such as {@code is not a name}. */
  String otherwise() default "";

  /** The notation of a number or a Duration. */
  enum Form {
    /** A number, or a length of time with its unit. */
    PLAIN,
    /** A number of bytes, such as {@code 65536} or {@code 64KiB}. */
    BYTES,
    /** A length of time; a plain number is in milliseconds. */
    MILLIS,
    /** A length of time in whole seconds. */
    SECONDS
  }
}

package testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A test that measures: it has the machine to itself. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@ResourceLock(NeedsMachine.MACHINE)
public @interface NeedsMachine {
  /** The lock that both kinds of tests take. */
  String MACHINE = "machine";
}

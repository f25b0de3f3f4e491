/**
 * What every target is made of and nothing else: life cycle and readiness ({@link
 * targets.shared.Service}), counters and their two renderings, HTTP edge, links to Redis and NATS.
 *
 * <p>{@code Seam} is a small public interface of the target, nested in its server, through which
 * one of its parts can be decorated from outside (a plan, a book, an outlet); an empty one returns
 * the part unchanged. Each {@link targets.shared.Extension} goes to the Service and to nothing
 * else. No other line of a target exists for the sake of {@code targets.defects}.
 */
package targets.shared;

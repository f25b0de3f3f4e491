/**
 * The systems under load, one package each, every one a process of its own.
 *
 * <pre>
 *   client ──&gt; proxy ──&gt; llm        token streams over SSE
 * </pre>
 *
 * A target does not know that it is measured, and never imports another target; they share {@link
 * targets.shared} and nothing else.
 */
package targets;

/**
 * Every planted defect, as a decorator around the honest parts of a target. A target imports
 * nothing from here; {@code gauntlet.Targets} starts each target through the specification that is
 * made here.
 *
 * <pre>
 *   public static final TargetSpec SPEC =                     // one class XDefects for each target
 *       Defects.around(XServer.SPEC, NAMES, (reader, defects) -&gt;
 *           XServer.start(reader, wrap(defects), defects.troubles(ERROR)));
 * </pre>
 *
 * <p>{@code Defects.around} adds {@code --defect} and reads it; XDefects checks the values of its
 * own names with {@code defects.error}, before XServer reads the settings and reports all errors at
 * once. {@code wrap} implements the target's public seam interface (for example {@code
 * LlmServer.Plans}) and returns the honest one where nothing is switched on.
 *
 * <p>Troubles that every target can have are an {@link targets.shared.Extension}: tasks on the
 * event loops, and a handler in front of the last one of each pipeline (Javalin: a before-handler).
 * What a target adds is a {@link targets.defects.PlantedError}: which requests are work, the answer
 * of one that fails, the counters it increments. A defect of a target's own may be an extension as
 * well.
 */
package targets.defects;

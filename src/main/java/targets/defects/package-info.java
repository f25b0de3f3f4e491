/**
 * Every planted defect, as a decorator around the honest parts of a target. A target imports
 * nothing from here; {@code gauntlet.Targets} starts each target through the specification that is
 * made here.
 *
 * <pre>
 *   public static final TargetSpec SPEC =   // one XDefects for each target
 *       Defects.around(XServer.SPEC, Requests.of("POST /x"), "lost-x, few-x[=10] in 1..100",
 *           (reader, defects, common) -&gt;
 *               XServer.start(reader, honest -&gt; defects.plant("lost-x", honest, ...), common));
 * </pre>
 *
 * <p>A {@link targets.defects.Defect} declares a name and its range of values. {@link
 * targets.defects.Defects} adds {@code --defect} and reads it before XServer reads the settings and
 * reports all errors at once. {@link targets.defects.CommonDefects} are those of every target:
 * tasks on the event loops, and a handler in front of the last one of each pipeline (Javalin: a
 * before-handler); what a target adds is which requests are work, the answer of one that fails, and
 * the counters that it increments.
 */
package targets.defects;

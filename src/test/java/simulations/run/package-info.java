/**
 * The protocol of a run, once for every simulation.
 *
 * <p>A simulation package is made of it so:
 *
 * <ul>
 *   <li>{@code XSettings}: a record that implements {@link simulations.run.SimulationSettings},
 *       with its own fields and a {@link simulations.run.CommonSettings} ({@code
 *       CommonSettings.read} reads seed, monitor, warm-up, heap, SLOs and thresholds, and masks
 *       every secret).
 *   <li>{@code XTargets}: starts targets by {@code common.processes().launch} and servers by {@code
 *       run.processes().own}, or reaches the user's own; counters come from {@code
 *       run.processes().counters} (must be readable) or {@code probe} (a foreign service).
 *   <li>{@code XRequests}, {@code XJourneys}, {@code XRecorder}: actions, what users do with them,
 *       and one user's events. A {@link simulations.run.Recording} takes latencies and counts of a
 *       phase ({@code run.recording}) or of a stage ({@code Recording.ofStage}).
 *   <li>{@code XLoad}: a {@link simulations.run.Load}, shared by the users: {@link
 *       simulations.run.Arrivals}, recordings, offered and achieved load, figures. Work that is due
 *       by a plan and not by users runs on an {@link simulations.run.OpenSchedule}. Users leave
 *       when {@code run.goesOn()} is false.
 *   <li>{@code XAudit}: an {@link simulations.run.Audit}, checks only. {@link
 *       simulations.run.TargetCounters} are read before the load, settled after it, and make a
 *       check INCONCLUSIVE by {@code backed} if they are unreadable; {@link
 *       simulations.run.Settling} waits for anything else; {@link simulations.run.Counted} checks
 *       counters of the users.
 *   <li>{@code XSimulation}: {@code read} the settings, {@code prepare} the targets, make the load,
 *       add {@code warmUp} and {@code measure} populations in order, and {@code play}. {@code
 *       simulations.sse} is the example.
 * </ul>
 */
package simulations.run;

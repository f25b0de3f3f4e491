/**
 * The parts of {@link simulations.BreakingPointSimulation}; targets, bidders and their audit are
 * those of {@link simulations.auction}.
 *
 * <pre>
 *   StepSchedule   bids due by an open schedule, in steps of a rising rate
 *   StepUse        what each process used in a step, and which resource ran out
 * </pre>
 */
package simulations.breaking;

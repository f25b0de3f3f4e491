/**
 * The protocol of a run, once for every simulation; docs/ADDING_A_TARGET.md lists the files of a
 * simulation, and {@code simulations.sse} is the example.
 *
 * <p>{@link simulations.run.LoadSimulation} leads through a run, {@link simulations.run.Run} holds
 * its evidence, {@link simulations.run.RunProcesses} its targets and servers. Users arrive by
 * {@link simulations.run.Arrivals}, work that is due by a plan and not by users runs on an {@link
 * simulations.run.OpenSchedule}, and a {@link simulations.run.Recording} takes latencies and counts
 * of a phase or stage. Users leave when {@code run.goesOn()} is false. {@link
 * simulations.run.TargetCounters} are read before the load, settled after it, and make a check
 * INCONCLUSIVE if they are unreadable; {@link simulations.run.Audit#until} waits for anything else;
 * {@link simulations.run.Checks} takes each check of an audit.
 */
package simulations.run;

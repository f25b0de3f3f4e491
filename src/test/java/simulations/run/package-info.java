/**
 * What every simulation shares: the settings' sources, the run's protocol from warm-up to verdict,
 * and the few places where Gatling's own classes are touched.
 */
package simulations.run;

/**
 * The command line: composition only. {@code serve} runs one target, {@code up} the whole set with
 * its servers, {@code report} renders a run folder again.
 */
package gauntlet;

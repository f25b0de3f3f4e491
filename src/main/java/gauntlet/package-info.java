/**
 * The command line: composition only. {@code serve} runs one target, {@code up} the whole set on
 * its default ports, {@code report} renders a run folder again.
 */
package gauntlet;

/** The command line. */
package gauntlet;

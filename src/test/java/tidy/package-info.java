/**
 * The style as a test: reads the source tree and names the file, the line and the rule of each
 * breach. Every rule has a small test of its own on a snippet, so that the rules cannot rot.
 */
package tidy;

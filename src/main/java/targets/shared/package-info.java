/**
 * What every target needs and nothing else: how it is described to the command line, its event
 * loops and HTTP server, its replies, its metrics, its planted defects and the troubles that all of
 * them can have.
 */
package targets.shared;

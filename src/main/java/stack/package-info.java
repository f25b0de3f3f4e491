/**
 * The processes that a run needs: started on free loopback ports, awaited with a bounded real
 * probe, watched, and stopped by their own handles, so that none is left behind.
 */
package stack;

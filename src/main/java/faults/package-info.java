/**
 * Faults from outside, and the plan that injects and heals them.
 *
 * <pre>
 *   FaultPlan  (HOCON or JSON: at, for, whom, what)  --> FaultRun --strike, heal--> Part
 *   Part: a process of the caller (kill, stop, pause, full-disk, clock-step), or a TcpLink:
 *     client -- Flow UP, Flow DOWN --> service       each flow holds, delays or cuts bytes
 *   or a Toxiproxy: a proxy of a server that is there, by its API
 * </pre>
 *
 * <p>A link works above TCP. It delays, holds and cuts the bytes of connections and closes them; it
 * cannot drop packets or delay a handshake, which the kernel completes. Bytes are never lost from a
 * connection that goes on, as with TCP itself.
 */
package faults;

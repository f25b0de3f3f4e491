/**
 * The text that the bundled token server streams: a pure function of a seed. A leaf room, because
 * both ends of the wire compute it: the server to speak it, a client to check every token of it.
 */
package text;

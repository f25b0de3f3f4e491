/**
 * What a JVM knows of its own process: CPU, memory, collections, threads, descriptors. A leaf room:
 * the targets publish these figures, the injector records its own, and reads those of programs that
 * publish none.
 */
package process;

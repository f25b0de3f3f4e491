/**
 * Typed reading of configuration, all errors at once. A leaf room: targets, simulations and the
 * command line read what the user typed through it, so that a wrong value gets the same sentence
 * everywhere and nothing starts before everything is right.
 */
package settings;

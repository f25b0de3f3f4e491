/**
 * JSON web tokens: the tokens of users, and those of attackers, which must be refused. The ticker
 * checks tokens by itself; what is here only makes them, for the command line, for simulations and
 * for tests.
 */
package tokens;

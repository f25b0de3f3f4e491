/** Test tools with names, shared by the tests of several rooms. */
package testing;

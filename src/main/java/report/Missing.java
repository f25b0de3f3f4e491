package report;

/**
 * Something of a run folder that could not be shown.
 *
 * @param file file name within the run folder
 * @param why what is wrong with it and what the reader loses, in a sentence
 */
record Missing(String file, String why) {}

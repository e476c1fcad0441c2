package io.changeover.preflight;

/**
 * A source database and where it goes, both read.
 *
 * @param source the database that leaves
 * @param target the database that it goes to
 */
record PairFacts(SourceFacts source, TargetFacts target) {}

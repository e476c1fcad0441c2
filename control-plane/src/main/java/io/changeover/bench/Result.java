package io.changeover.bench;

/**
 * What all runs said about one thing.
 *
 * @param name what was measured, unique in a report
 * @param unit of the spread
 */
public record Result(String name, String unit, Spread spread) {}

package io.changeover.sink.failure;

import io.changeover.postgres.TableName;

/**
 * A change that cannot be applied, as far as people may know it.
 *
 * @param operation insert, update, delete, truncate, or commit for a constraint that is checked there
 * @param keyHash sha-256 of its key's text, in hex; empty where there is no row
 * @param sqlState the server's, or the one that the server would have
 * @param reason without values
 */
public record FailedChange(TableName table, String operation, String keyHash, String sqlState, String reason) {}

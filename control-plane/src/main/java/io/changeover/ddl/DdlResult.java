package io.changeover.ddl;

import io.changeover.postgres.TableName;

/**
 * What became of a change that was to be made on the target.
 *
 * @param done whether it was
 * @param words what was done, or why it was not
 */
public record DdlResult(TableName table, boolean done, String words) {}

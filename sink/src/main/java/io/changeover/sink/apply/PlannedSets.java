package io.changeover.sink.apply;

import io.changeover.postgres.TableName;

/** Sets of rows of a table, and the statements that write them. */
record PlannedSets(TableName table, SetStatements statements, RowSets sets) {}

package io.changeover.store;

import io.changeover.migration.Way;
import io.changeover.postgres.TableName;
import java.util.Optional;

/**
 * The key of a record of what was verified.
 *
 * @param migration its name
 * @param database the source database of the pair
 * @param way which stream
 * @param table empty for what is said of all of them
 */
record VerificationKey(String migration, String database, Way way, Optional<TableName> table) {}

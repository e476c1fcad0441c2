package io.changeover.preflight;

import io.changeover.postgres.TableName;
import java.util.List;
import java.util.Set;

/**
 * What a source database holds besides tables as such.
 *
 * @param bytes how large its tables are with all that belongs to them
 * @param locale its default collation, in words
 * @param readOnly whether sessions of applications can only read
 * @param collations the built-in collations that columns and indexes name, without the default ones
 * @param md5Indexes what makes the server call md5() while rows are written: indexes, constraints, generated columns
 * @param md5Functions functions, views, triggers and column defaults that call md5()
 * @param partitioned the partitioned tables that are no partitions themselves
 * @param inherited the tables that others inherit from
 * @param acting triggers and rules that fire even in the replica role
 * @param otherSlots slots of other migrations of this database
 */
record ContentFacts(
        long bytes,
        String locale,
        boolean readOnly,
        Set<String> collations,
        List<String> md5Indexes,
        List<String> md5Functions,
        List<TableName> partitioned,
        List<TableName> inherited,
        List<String> acting,
        List<String> otherSlots) {

    ContentFacts {
        collations = Set.copyOf(collations);
        md5Indexes = List.copyOf(md5Indexes);
        md5Functions = List.copyOf(md5Functions);
        partitioned = List.copyOf(partitioned);
        inherited = List.copyOf(inherited);
        acting = List.copyOf(acting);
        otherSlots = List.copyOf(otherSlots);
    }
}

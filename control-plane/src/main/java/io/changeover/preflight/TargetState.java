package io.changeover.preflight;

import java.util.List;
import java.util.Set;

/**
 * What a target database is like besides its tables.
 *
 * @param sessions what sessions it lets in
 * @param locale its default collation, in words
 * @param md5 whether md5() works, which a server in FIPS mode refuses
 * @param collations its built-in collations
 * @param objects what it holds besides tables: schemas, views, sequences, functions, types
 * @param acting triggers and rules that fire even in the replica role
 */
record TargetState(
        SessionFacts sessions,
        String locale,
        boolean md5,
        Set<String> collations,
        List<String> objects,
        List<String> acting) {

    TargetState {
        collations = Set.copyOf(collations);
        objects = List.copyOf(objects);
        acting = List.copyOf(acting);
    }
}

package io.changeover.sink.target;

import io.changeover.postgres.Identifier;

/**
 * A column as the target's catalog has it.
 *
 * @param type the type's name for a cast, with its length or precision
 * @param baseType the same without: a cast to it never cuts a value
 * @param generated computed by the server, takes no value
 * @param identityAlways takes a value in an insert that overrides it, never in an update
 * @param castByFunction a cast from text to the type is somebody's function, which need not read what the type writes
 */
public record TargetColumn(
        String name, String type, String baseType, boolean generated, boolean identityAlways, boolean castByFunction) {

    public String quoted() {
        return Identifier.quote(name);
    }
}

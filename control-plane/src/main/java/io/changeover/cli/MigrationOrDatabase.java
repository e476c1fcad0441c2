package io.changeover.cli;

import java.util.Optional;

/**
 * What a person names as {@code MIGRATION[/DATABASE]}.
 *
 * @param database the source database of a pair; empty for all of the migration
 */
record MigrationOrDatabase(String migration, Optional<String> database) {

    static MigrationOrDatabase parse(String text) {
        int slash = text.indexOf('/');
        return slash < 0
                ? new MigrationOrDatabase(text, Optional.empty())
                : new MigrationOrDatabase(text.substring(0, slash), Optional.of(text.substring(slash + 1)));
    }
}

package io.changeover.roles;

import io.changeover.postgres.Identifier;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A role of the source that can be made on the target. It has no password here.
 *
 * @param name its name
 * @param attributes what it has
 * @param connectionLimit -1 for none
 * @param validUntil when its password ends, as PostgreSQL writes it in UTC
 * @param comment what is said of it
 */
record SourceRole(
        String name,
        Set<Attribute> attributes,
        int connectionLimit,
        Optional<String> validUntil,
        Optional<String> comment) {

    /** What a role has or has not, besides SUPERUSER. */
    enum Attribute {
        INHERIT,
        LOGIN,
        CREATEDB,
        CREATEROLE,
        REPLICATION,
        BYPASSRLS;

        /** As in SQL. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    SourceRole {
        attributes = Set.copyOf(attributes);
    }

    /** What makes it, with these of its attributes and without the others. */
    String create(Set<Attribute> given) {
        String options = Stream.of(Attribute.values())
                .map(each -> (given.contains(each) ? "" : "no") + each.word())
                .collect(Collectors.joining(" "));
        return "create role " + Identifier.quote(name) + " nosuperuser " + options + " connection limit "
                + connectionLimit
                + validUntil
                        .map(until -> " valid until " + Literal.quote(until))
                        .orElse("");
    }

    /** Its attributes that the role which makes it cannot give. */
    Set<Attribute> without(Set<Attribute> given) {
        EnumSet<Attribute> rest = EnumSet.noneOf(Attribute.class);
        attributes.stream().filter(each -> !given.contains(each)).forEach(rest::add);
        return rest;
    }
}

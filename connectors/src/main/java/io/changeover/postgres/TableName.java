package io.changeover.postgres;

/**
 * A table's name, as in the catalog: not quoted, not folded.
 *
 * @param schema the schema's name
 * @param name the table's name
 */
public record TableName(String schema, String name) implements Comparable<TableName> {

    /** {@code "schema"."name"}, for SQL. */
    public String quoted() {
        return Identifier.quote(schema, name);
    }

    @Override
    public int compareTo(TableName other) {
        int bySchema = schema.compareTo(other.schema);
        return bySchema != 0 ? bySchema : name.compareTo(other.name);
    }

    /** {@code schema.name}, for people. */
    @Override
    public String toString() {
        return schema + "." + name;
    }
}

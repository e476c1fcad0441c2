package io.changeover.sink.guard;

/**
 * Gives the foreign keys that partitions have from a parent their names and comments back: the server makes them anew
 * with names of its choice. First all that differ get a name that nobody else has, so that they may exchange theirs.
 */
final class ChildNames {

    private static final String BLOCK = """
            declare child record; begin
              for pass in 1..2 loop
                for child in
                  with recursive family as (
                    select k.oid, k.conrelid, k.confrelid, k.conname::pg_catalog.text from pg_catalog.pg_constraint k
                     where k.conrelid = %1$s::pg_catalog.regclass and k.conname = %2$s and k.contype = 'f'
                    union all
                    select k.oid, k.conrelid, k.confrelid, k.conname::pg_catalog.text from pg_catalog.pg_constraint k
                      join family f on k.conparentid = f.oid),
                  wanted (referring, referenced, name, remark) as (values %3$s)
                  select f.conrelid::pg_catalog.regclass as referring, f.oid, f.conname, w.name, w.remark
                    from family f join wanted w on f.conrelid = w.referring and f.confrelid = w.referenced
                loop
                  if child.conname <> child.name then
                    execute pg_catalog.format('alter table %%s rename constraint %%I to %%I', child.referring,
                      child.conname, case pass when 1 then 'changeover_' || child.oid else child.name end);
                  end if;
                  if pass = 2 and child.remark is not null then
                    execute pg_catalog.format('comment on constraint %%I on %%s is %%L', child.name, child.referring,
                      child.remark);
                  end if;
                end loop;
              end loop;
            end""";

    private ChildNames() {}

    /** The statement that does so, after a semicolon; nothing if there are no children. */
    static String restore(ForeignKeyFacts key) {
        if (key.children().isEmpty()) {
            return "";
        }
        String block = BLOCK.formatted(
                literal(key.table().quoted()), literal(key.name()), "(" + String.join("), (", key.children()) + ")");
        return "; do " + literal(block);
    }

    /** Our sessions have standard_conforming_strings on; the check is for a server that has not. */
    private static String literal(String text) {
        return (text.contains("\\") ? " E" : "") + "'"
                + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}

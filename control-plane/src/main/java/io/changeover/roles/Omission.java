package io.changeover.roles;

/**
 * Kinds of things that a copy of the structure leaves out, or that are not the same on the target. Each asks the source
 * for the objects and the remedies.
 */
enum Omission {
    EVENT_TRIGGER(
            0,
            "only a superuser or the provider's administrator can make it",
            "select format('event trigger %I', evtname), format('create event trigger %I on %s%s execute function %s();"
                    + "', evtname, evtevent, ' when tag in (' || (select string_agg(quote_literal(t), ', ')"
                    + " from unnest(evttags) t) || ')', evtfoid::regproc) from pg_event_trigger"
                    + " where evtname !~ '^changeover_ddl_' and not exists (select from pg_depend d where d.classid = 'pg_event_trigger'::regclass"
                    + " and d.objid = pg_event_trigger.oid and d.deptype = 'e')"),
    PUBLICATION(
            10,
            "a publication of the target would be for other readers, who have to begin anew there",
            "select format('publication %I', pubname), 'make it on the target after the cutover, and subscribe anew'"
                    + " from pg_publication where pubname !~ '^changeover_'"),
    SUBSCRIPTION(
            10,
            "it would apply the same changes twice, and its connection string holds a password",
            "select format('subscription %I', subname), 'at the cutover, drop it on the source and create it on the"
                    + " target with copy_data = false' from pg_subscription"
                    + " where subdbid = (select oid from pg_database where datname = current_database())"),
    USER_MAPPING(
            0,
            "it holds a password",
            "select format('user mapping of %s for server %I', quote_ident(usename), srvname),"
                    + " format('create user mapping for %s server %I options (…);', quote_ident(usename), srvname)"
                    + " from pg_user_mappings"),
    TABLESPACE(
            0,
            "tables and indexes go to the target database's own tablespace",
            "select format('tablespace %I with %s tables and indexes', t.spcname, count(*)), 'none where storage is the"
                    + " provider''s; else alter table … set tablespace …' from pg_class c"
                    + " join pg_tablespace t on t.oid = c.reltablespace where c.relnamespace <> 'pg_catalog'::regnamespace"
                    + " and c.relnamespace <> 'pg_toast'::regnamespace and t.spcname <> 'pg_global' group by t.spcname"),
    SECURITY_LABEL(
            0,
            "its provider has to be on the target",
            "select format('security label of %s %s', objtype, objname),"
                    + " format('security label for %I on %s %s is …;', provider, objtype, objname) from pg_seclabels"
                    + " where objtype not in ('role', 'tablespace', 'subscription')"),
    LARGE_OBJECT(
            0,
            "large objects are copied without rights and comments",
            "select format('rights on %s large objects', count(*)), 'grant them after the cutover: grant select on"
                    + " large object … to …' from pg_largeobject_metadata where lomacl is not null having count(*) > 0"
                    + " union all select format('comments on %s large objects', count(*)), 'comment on large object …"
                    + " is …' from pg_description where classoid in ('pg_largeobject'::regclass,"
                    + " 'pg_largeobject_metadata'::regclass) having count(*) > 0"),
    DATABASE_COMMENT(
            0,
            "the database is made by its administrator",
            "select 'comment on the database', format('comment on database %s is %L;', '{database}', description)"
                    + " from pg_shdescription s join pg_database d on d.oid = s.objoid"
                    + " and s.classoid = 'pg_database'::regclass where d.datname = current_database()"),
    CONNECTION_LIMIT(
            0,
            "the database is made by its administrator",
            "select 'connection limit of the database', format('alter database %s connection limit %s;', '{database}',"
                    + " datconnlimit) from pg_database where datname = current_database() and datconnlimit >= 0"),
    EXTENSION_COMMENT(
            0,
            "only the owner of an extension, which may be the provider, can comment on it",
            "select format('comment on extension %I', e.extname), format('comment on extension %I is %L;', e.extname,"
                    + " d.description) from pg_extension e join pg_description d on d.objoid = e.oid"
                    + " and d.classoid = 'pg_extension'::regclass left join pg_available_extensions a on a.name = e.extname"
                    + " where d.description is distinct from a.comment"),
    PUBLIC_COMMENT(
            0,
            "the schema may belong to the provider",
            "select 'comment on schema public', format('comment on schema public is %L;', d.description)"
                    + " from pg_description d where d.classoid = 'pg_namespace'::regclass"
                    + " and d.objoid = to_regnamespace('public') and d.description <> 'standard public schema'"),
    INVALID_INDEX(
            0,
            "it is invalid on the source, so that nothing uses it there",
            "select format('index %I.%I', n.nspname, c.relname), pg_get_indexdef(c.oid) || ';' from pg_index i"
                    + " join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace"
                    + " where not i.indisvalid and c.relkind = 'i' and n.nspname !~ '^pg_'"),
    EXTENSION_ROWS(
            0,
            "the rows of an extension's own tables are not migrated",
            "select format('rows in tables of extension %I', extname), 'copy what you have added to: '"
                    + " || (select string_agg(t::regclass::text, ', ') from unnest(extconfig) t where exists"
                    + " (select from pg_class c where c.oid = t and c.relkind <> 'S')) from pg_extension"
                    + " where extconfig is not null"),
    PARAMETER(
            15,
            "rights on parameters are the server's",
            "select format('right of %s on parameter %s', coalesce(quote_ident(r.rolname), 'public'), p.parname),"
                    + " format('grant %s on parameter %s to %s;', lower(a.privilege_type), p.parname,"
                    + " coalesce(quote_ident(r.rolname), 'public')) from pg_parameter_acl p"
                    + " cross join lateral aclexplode(p.paracl) a left join pg_roles r on r.oid = a.grantee"
                    + " where coalesce(not r.rolsuper and r.rolname <> current_user, a.grantee = 0)"),
    SECURITY_DEFINER(
            0,
            "it runs with the rights of its owner, who on the target is the role of the migration",
            "select format('security definer function %s', i.identity), format('alter routine %s owner to %I;',"
                    + " i.identity, r.rolname) from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
                    + " join pg_roles r on r.oid = p.proowner"
                    + " cross join lateral pg_identify_object('pg_proc'::regclass, p.oid, 0) i"
                    + " where p.prosecdef and n.nspname !~ '^pg_' and n.nspname not in ('information_schema',"
                    + " 'changeover') and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass"
                    + " and d.objid = p.oid and d.deptype = 'e')"),
    ROW_SECURITY(
            0,
            "its policies do not apply to the owner, who on the target is the role of the migration: they apply to the"
                    + " owner of the source, and views over the table see all rows",
            "select format('row security of table %I.%I', n.nspname, c.relname), format('alter table %I.%I owner to %I;',"
                    + " n.nspname, c.relname, r.rolname) from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                    + " join pg_roles r on r.oid = c.relowner where c.relrowsecurity and not c.relforcerowsecurity"
                    + " and n.nspname <> 'changeover'"),
    PUBLIC_MAY_CREATE(
            0,
            "every role may create objects in it on the source, which from PostgreSQL 15 on is not the default",
            "select 'schema public', 'grant create on schema public to public; -- only if the applications need it'"
                    + " from pg_namespace n where n.nspname = 'public' and exists (select from"
                    + " aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a"
                    + " where a.grantee = 0 and a.privilege_type = 'CREATE')");

    private final int since;
    private final String why;
    private final String sql;

    Omission(int since, String why, String sql) {
        this.since = since;
        this.why = why;
        this.sql = sql;
    }

    /** Whether a source of this version can have it, and a target of that version has it otherwise. */
    boolean isPossible(int sourceMajor, int targetMajor) {
        return sourceMajor >= since && (this != PUBLIC_MAY_CREATE || targetMajor >= 15);
    }

    String why() {
        return why;
    }

    /** Gives object and remedy, which has {@code {database}} where the target's name belongs. */
    String sql() {
        return sql;
    }
}

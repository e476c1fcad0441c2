-- What an event trigger of the source records, and the trigger. In the database of the source, in one transaction;
-- schema changeover is there. Whatever goes wrong in it, an application's statement goes on.

create table if not exists changeover.ddl (
    id bigserial primary key,
    at timestamptz not null default pg_catalog.clock_timestamp(),
    transaction bigint not null default pg_catalog.txid_current(),
    event text not null,
    tag text not null,
    object_type text not null,
    relation oid not null,
    object text not null,
    role text not null,
    application text not null,
    statement text not null,
    settled boolean not null default false);

-- the migrations that want it; it goes with the last one
create table if not exists changeover.ddl_listener (publication text primary key);

create or replace function changeover.record_ddl() returns event_trigger language plpgsql
    -- whoever alters a table need not have any right here
    security definer set search_path = pg_catalog, pg_temp set lock_timeout = '1s' as $function$
declare
    said text;
    who text;
begin
    if current_setting('application_name') ~ '^changeover' then
        return;
    end if;
    who := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
    said := left(current_query(), 10000);
    if said ~* 'passw|secret|user\s+mapping' then
        said := '(left out: it may hold a password)';
    end if;
    if tg_event = 'ddl_command_end' then
        insert into changeover.ddl (event, tag, object_type, relation, object, role, application, statement)
        select tg_event, c.command_tag, c.object_type, c.objid, c.object_identity, who,
               current_setting('application_name'), said
          from pg_event_trigger_ddl_commands() c
         where c.object_type in ('table', 'table column', 'type', 'domain', 'schema') and not c.in_extension
           and coalesce(c.schema_name, '') !~ '^(pg_temp.*|changeover)$';
    elsif tg_event = 'sql_drop' then
        insert into changeover.ddl (event, tag, object_type, relation, object, role, application, statement)
        select tg_event, tg_tag, o.object_type, o.objid, o.object_identity, who,
               current_setting('application_name'), said
          from pg_event_trigger_dropped_objects() o
         where o.object_type in ('table', 'table column') and not o.is_temporary
           and coalesce(o.schema_name, '') !~ '^(pg_temp.*|changeover)$';
    else
        insert into changeover.ddl (event, tag, object_type, relation, object, role, application, statement)
        select tg_event, tg_tag, 'table', c.oid, c.oid::regclass::text, who,
               current_setting('application_name'), said
          from pg_class c where c.oid = pg_event_trigger_table_rewrite_oid() and c.relpersistence <> 't';
    end if;
exception when others then
    -- the record is for people; the tables are compared by their catalogs
    raise debug 'changeover.record_ddl: %', sqlerrm;
end
$function$;

revoke all on function changeover.record_ddl() from public;

drop event trigger if exists changeover_ddl_command_end;
drop event trigger if exists changeover_ddl_sql_drop;
drop event trigger if exists changeover_ddl_table_rewrite;

-- only what columns depend on: no statement about a role, a user mapping or a server is seen at all
create event trigger changeover_ddl_command_end on ddl_command_end
    when tag in ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'ALTER TABLE', 'CREATE TYPE', 'ALTER TYPE',
                 'CREATE DOMAIN', 'ALTER DOMAIN', 'CREATE SCHEMA', 'ALTER SCHEMA')
    execute procedure changeover.record_ddl();
create event trigger changeover_ddl_sql_drop on sql_drop
    when tag in ('ALTER TABLE', 'DROP TABLE', 'DROP TYPE', 'DROP DOMAIN', 'DROP SCHEMA', 'DROP OWNED', 'DROP EXTENSION')
    execute procedure changeover.record_ddl();
create event trigger changeover_ddl_table_rewrite on table_rewrite
    execute procedure changeover.record_ddl();

-- The ledger of a migration, version 7. Runs in one transaction, as a role without superuser, any number of times.
create schema if not exists changeover;

create table if not exists changeover.version (
    version integer primary key
);

-- one line per change topic: how far the target is
create table if not exists changeover.streams (
    stream text primary key,
    epoch bigint not null,                      -- whoever opens the stream adds one; older writers are fenced
    topic_offset bigint not null,               -- the next record to apply
    commit_lsn pg_lsn not null,                 -- of the last applied transaction
    committed_at timestamptz,                   -- of that transaction, by the source's clock
    transactions bigint not null default 0,     -- source transactions applied
    groups bigint not null default 0,           -- target transactions that applied them
    changed_at timestamptz not null default clock_timestamp(),
    loads_version bigint not null default 0,    -- another one says that a table was put back into the queue of loads
    replay_to pg_lsn                            -- up to here only tables that were loaded again are missing changes
);

-- which control plane leads; one that finds a larger epoch than its own here changes nothing any more
create table if not exists changeover.leaders (
    stream text primary key,
    epoch bigint not null,                      -- a control plane's own, larger than that of every one before
    control_plane text not null,                -- its process and host
    since timestamptz not null default clock_timestamp()
);

-- markers of the control plane that have been applied
create table if not exists changeover.markers (
    stream text not null,
    marker text not null,
    commit_lsn pg_lsn not null,
    applied_at timestamptz not null default clock_timestamp(),
    primary key (stream, marker)
);

-- the full load, table by table: a row is the queue's entry and the result
create table if not exists changeover.loads (
    schema_name text not null,
    table_name text not null,
    state text not null default 'pending' check (state in ('pending', 'parts', 'done')),
    estimated_rows bigint not null,
    estimated_bytes bigint not null,
    rows bigint not null default 0,
    bytes bigint not null default 0,
    snapshot text,                              -- pg_current_snapshot() of the copy
    snapshot_lsn pg_lsn,                        -- a WAL position read after the snapshot was taken
    error text,
    finished_at timestamptz,
    format text,                                -- binary, or text and why
    beginnings integer not null default 0,      -- how often it was divided; parts of an earlier time are void
    exported text,                              -- the snapshot's name on the source, while a loader holds it for the parts
    filenode bigint,                            -- of the source's table then: another one says that it was rewritten
    held_offset bigint,                         -- loaded again: where the stream was when it began to pass the table over
    held_lsn pg_lsn,
    replayed boolean not null default false,    -- the stream is read again from there, for this table
    primary key (schema_name, table_name)
);

-- the parts: as of a table, claim, rows and "done" are one transaction
create table if not exists changeover.load_parts (
    schema_name text not null,
    table_name text not null,
    part integer not null,                      -- from 1
    key_column text,                            -- the bounds are values of it; null: block numbers
    lower_bound bigint,                         -- inclusive; null: no bound
    upper_bound bigint,                         -- exclusive; null: no bound
    state text not null default 'pending' check (state in ('pending', 'done')),
    estimated_bytes bigint not null,
    rows bigint not null default 0,
    bytes bigint not null default 0,
    primary key (schema_name, table_name, part)
);

-- how much of the source the loaders may take; to be changed at any time
create table if not exists changeover.load_limits (
    only_one boolean primary key default true check (only_one),
    readers integer check (readers > 0),        -- tables or parts at once; null: as many as there are tasks
    bytes_per_second bigint check (bytes_per_second > 0)    -- of all of them together; null: no limit
);

-- changes applied, table by table
create table if not exists changeover.counters (
    stream text not null,
    schema_name text not null,
    table_name text not null,
    inserts bigint not null default 0,
    updates bigint not null default 0,
    deletes bigint not null default 0,
    truncates bigint not null default 0,
    primary key (stream, schema_name, table_name)
);

-- changes that could not be applied: of each table the first one, without its values
create table if not exists changeover.quarantine (
    stream text not null,
    schema_name text not null,
    table_name text not null,
    state text not null check (state in ('stopped', 'set aside', 'skipped')),
    operation text not null,
    key_hash text not null,                     -- sha-256 of the key's text, in hex
    topic_offset bigint not null,               -- from which the topic is read on behind the source transaction
    commit_lsn pg_lsn not null,                 -- of the source transaction
    xid bigint not null,
    sqlstate text not null,
    message text not null,
    failures bigint not null default 1,         -- how often it was tried
    held_back bigint not null default 0,        -- changes of the table that were not applied since it is set aside
    failed_at timestamptz not null default clock_timestamp(),
    primary key (stream, schema_name, table_name)
);


-- what was set aside while changes are applied, and the statements that put it back, also in psql:
-- select restore from changeover.guard where restored_at is null order by kind desc \gexec
create table if not exists changeover.guard (
    kind text not null check (kind in ('trigger', 'rule', 'foreign key')),
    schema_name text not null,
    table_name text not null,
    name text not null,
    dropped boolean not null,                   -- otherwise it is disabled
    restore text not null,
    validate text,                              -- of a foreign key that is put back without a look at the rows
    proof text,                                 -- of a foreign key that holds: counts the rows that violate it
    definition text,                            -- of a foreign key
    set_aside_at timestamptz not null default clock_timestamp(),
    restored_at timestamptz,                    -- of a foreign key that is back and has to be validated
    primary key (kind, schema_name, table_name, name)
);

-- how the target is guarded; whoever sets something aside or puts it back locks this line
create table if not exists changeover.guard_state (
    only_one boolean primary key default true check (only_one),
    mode text not null check (mode in ('replica', 'ddl')),
    released boolean not null default false,    -- everything is back: the target is open
    changed_at timestamptz not null default clock_timestamp()
);

-- foreign keys of the target that were proved by a query, or by the server when it validated them
create table if not exists changeover.foreign_keys (
    schema_name text not null,
    table_name text not null,
    name text not null,
    definition text not null,
    violations bigint not null,                 -- rows
    source_violations bigint not null,          -- rows of the source that violate the same key
    lasting boolean not null,                   -- the source sees to it that it stays true
    milliseconds bigint not null,               -- how long it took
    proved_at timestamptz not null default clock_timestamp(),
    primary key (schema_name, table_name, name)
);

-- of which definition of the source the rows are, and which column of the target has the values of which
create table if not exists changeover.definitions (
    schema_name text not null,
    table_name text not null,
    relation bigint not null default 0,         -- oid on the source; 0: not known
    target_relation bigint not null default 0,  -- oid on the target; 0: not known
    place integer not null,                     -- from 1
    number integer not null,                    -- attnum on the source; 0: not known
    column_name text not null,
    type text not null,                         -- on the source
    target_number integer not null,             -- attnum on the target; 0: it had no such column
    dropped boolean not null,                   -- the source has dropped it, the target has it still
    accepted_at timestamptz not null default clock_timestamp(),
    primary key (schema_name, table_name, place)
);

-- version 6 knew tables by their names only
do $$
begin
    if not exists (select from pg_attribute
                    where attrelid = 'changeover.definitions'::regclass and attname = 'target_relation') then
        alter table changeover.definitions
            add column if not exists relation bigint not null default 0,
            add column if not exists target_relation bigint not null default 0;
    end if;
end $$;

-- version 2 knew no parts
do $$
begin
    if not exists (select from pg_attribute
                    where attrelid = 'changeover.loads'::regclass and attname = 'beginnings') then
        alter table changeover.loads
            add column format text,
            add column beginnings integer not null default 0,
            add column exported text,
            add column filenode bigint,
            drop constraint loads_state_check,
            add constraint loads_state_check check (state in ('pending', 'parts', 'done'));
    end if;
end $$;

-- version 3 loaded every table once
do $$
begin
    if not exists (select from pg_attribute
                    where attrelid = 'changeover.loads'::regclass and attname = 'replayed') then
        alter table changeover.loads
            add column held_offset bigint,
            add column held_lsn pg_lsn,
            add column replayed boolean not null default false;
        alter table changeover.streams
            add column loads_version bigint not null default 0,
            add column replay_to pg_lsn;
    end if;
end $$;

-- version 1 kept triggers and rules in a table of their own
do $$
begin
    if to_regclass('changeover.silenced') is not null then
        insert into changeover.guard (kind, schema_name, table_name, name, dropped, restore)
        select kind, schema_name, table_name, name, false,
               format('alter table only %I.%I enable %s %s %I', schema_name, table_name,
                      case state when 'A' then 'always' else 'replica' end, kind, name)
          from changeover.silenced on conflict do nothing;
        drop table changeover.silenced;
    end if;
end $$;

-- indexes of tables that were there before, dropped for the load; in psql:
-- select definition from changeover.dropped_indexes \gexec
create table if not exists changeover.dropped_indexes (
    table_name text not null,                   -- qualified and quoted
    index_name text primary key,
    definition text not null,
    comment text,
    dropped_at timestamptz not null default clock_timestamp()
);

-- large objects that were copied, by their number
create table if not exists changeover.large_objects (oid bigint primary key);

insert into changeover.version (version) values (7) on conflict do nothing;

-- The ledger of a migration, version 1. Runs in one transaction, as a role without superuser, any number of times.
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
    changed_at timestamptz not null default clock_timestamp()
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
    state text not null default 'pending' check (state in ('pending', 'done')),
    estimated_rows bigint not null,
    estimated_bytes bigint not null,
    rows bigint not null default 0,
    bytes bigint not null default 0,
    snapshot text,                              -- pg_current_snapshot() of the copy
    snapshot_lsn pg_lsn,                        -- a WAL position read after the snapshot was taken
    error text,
    finished_at timestamptz,
    primary key (schema_name, table_name)
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

insert into changeover.version (version) values (1) on conflict do nothing;

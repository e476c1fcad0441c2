-- The ledger of a migration, version 2. Runs in one transaction, as a role without superuser, any number of times.
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

insert into changeover.version (version) values (2) on conflict do nothing;

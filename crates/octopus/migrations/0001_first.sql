-- Times are milliseconds since 1970-01-01 UTC.
create table environments (
    id integer primary key autoincrement,
    name text not null unique collate nocase,
    description text not null default '',
    sort_order integer not null default 0
);

create table machines (
    id integer primary key autoincrement,
    name text not null unique collate nocase,
    uri text not null,
    thumbprint text not null,
    roles text not null,                    -- JSON array of strings
    health text not null default 'Unknown',
    summary text not null default 'Not checked yet.',
    version text,
    rid text,
    operating_system text,
    versions text not null default '[]',    -- JSON array: what Suction Cup's ledger knows
    checked_at integer,
    seen_at integer
);

create table machine_environments (
    machine_id integer not null references machines (id) on delete cascade,
    environment_id integer not null references environments (id),
    primary key (machine_id, environment_id)
) without rowid;

create table users (
    id integer primary key autoincrement,
    username text not null unique collate nocase,
    password_hash text not null             -- PHC string, argon2id
);

create table sessions (
    token_hash blob primary key,            -- SHA-256: a copied database opens no session
    user_id integer not null references users (id) on delete cascade,
    csrf text not null,
    expires_at integer not null
) without rowid;

create table api_keys (
    id integer primary key autoincrement,
    user_id integer not null references users (id) on delete cascade,
    key_hash blob not null unique,
    purpose text not null,
    created_at integer not null
);

create table packages (
    id integer primary key autoincrement,
    package_id text not null collate nocase,
    version text not null collate nocase,   -- normalised
    title text not null default '',
    description text not null default '',
    file_name text not null,
    sha256 text not null,                   -- hexadecimal; the name of the file that holds it
    size integer not null,
    published_at integer not null,
    unique (package_id, version)
);

create table tasks (
    id integer primary key autoincrement,
    name text not null,
    description text not null,
    arguments text not null,                -- JSON
    secrets text not null default '{}',     -- JSON; emptied when the task ends
    state text not null,
    error text not null default '',
    cancel_requested integer not null default 0,
    queued_at integer not null,
    started_at integer,
    completed_at integer,
    last_sequence integer not null default 0
);
create index tasks_by_state on tasks (state, id);

create table task_targets (
    task_id integer not null references tasks (id) on delete cascade,
    machine_id integer not null,
    machine_name text not null,
    environment_id integer not null,        -- in whose name it was chosen; 0 for none
    ticket text not null unique,
    state text not null,
    activity text not null default '',
    percent integer not null default 0,
    message text not null default '',
    started_at integer,
    completed_at integer,
    agent_sequence integer not null default 0,  -- last log line taken over from the agent
    primary key (task_id, machine_id)
) without rowid;
create index task_targets_by_machine on task_targets (machine_id, task_id);

create table task_log (
    task_id integer not null references tasks (id) on delete cascade,
    sequence integer not null,
    at integer not null,
    level integer not null,
    machine_id integer not null default 0,      -- 0: the server itself
    step text not null,
    text text not null,
    primary key (task_id, sequence)
) without rowid;

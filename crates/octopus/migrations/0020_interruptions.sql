-- A part may be tried again, each time under another ticket.
alter table task_targets add column attempt integer not null default 1;
alter table task_targets add column begun_at integer;               -- this attempt
-- How it came to its end, if not by its own work: `Skipped`, `Ignored`, `Excluded`.
alter table task_targets add column verdict text not null default '';

-- Questions to people, each in the place of one attempt at one part of a task.
create table interruptions (
    id integer primary key autoincrement,
    space_id integer not null,
    task_id integer not null references tasks (id) on delete cascade,
    action integer not null,
    machine_id integer not null,            -- 0: the server
    attempt integer not null,
    kind text not null,                     -- `Manual`, `Failure`
    title text not null,
    instructions text not null default '',  -- Markdown; why it failed
    created_at integer not null,
    responsible text not null default '',   -- the user who has taken it
    answer text not null default '',        -- `Proceed`, `Retry`, …; `Canceled` when the task ended before
    notes text not null default '',
    submitted_at integer,
    unique (task_id, action, machine_id, attempt)
);
create index interruptions_open on interruptions (task_id) where submitted_at is null;

-- Whether the log has lines that warn or tell of errors.
alter table tasks add column has_warnings integer not null default 0;

-- Releases whose automatic deployments are to be looked at.
create table promotions (
    release_id integer primary key,
    revision integer not null default 1,    -- goes up when there is more to look at
    node text not null default ''           -- who looks
) without rowid;

-- Servers that share this database. Each raises its beat every second; one whose beat
-- stands still for the others is taken for dead, and removed.
create table nodes (
    id text primary key,                    -- one life of one server
    home text not null,                     -- one data folder
    beat integer not null default 0,
    started_at integer not null
);

-- The node that works on a task. Whoever is not in `nodes` works no more.
alter table tasks add column node text not null default '';
create index tasks_open on tasks (id) where completed_at is null;

-- Lines of task_log move here, a thousand at a time, and the rest when the task ends.
create table task_log_chunks (
    task_id integer not null references tasks (id) on delete cascade,
    first_sequence integer not null,        -- 1, 1001, 2001, …
    lines blob not null,                    -- JSON, deflated: [[at, level, machine_id, step, text], …]
    primary key (task_id, first_sequence)
) without rowid;

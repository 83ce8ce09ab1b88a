create table deployments (
    id integer primary key autoincrement,
    space_id integer not null,
    project_id integer not null,
    release_id integer not null,
    environment_id integer not null,
    task_id integer not null default 0,
    created_at integer not null,
    starts_at integer not null,             -- not before
    body text not null                      -- JSON as clients see it, without id and links
);
create index deployments_by_project on deployments (project_id, environment_id, id);
create index deployments_by_release on deployments (release_id, id);
create index deployments_by_task on deployments (task_id);

-- A deployment works on a machine several times: once for each action of its process.
create table task_parts (
    task_id integer not null references tasks (id) on delete cascade,
    action integer not null default 0,      -- its place in the process; 0: the whole task
    action_name text not null default '',
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
    primary key (task_id, action, machine_id)
) without rowid;
insert into task_parts
    (task_id, machine_id, machine_name, environment_id, ticket, state, activity, percent,
     message, started_at, completed_at, agent_sequence)
    select task_id, machine_id, machine_name, environment_id, ticket, state, activity, percent,
        message, started_at, completed_at, agent_sequence from task_targets;
drop table task_targets;
alter table task_parts rename to task_targets;
create index task_targets_by_machine on task_targets (machine_id, task_id);

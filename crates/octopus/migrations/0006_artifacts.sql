-- Files that scripts wanted to be kept. Their contents lie beside the packages, by their hash.
create table artifacts (
    id integer primary key autoincrement,
    task_id integer not null references tasks (id) on delete cascade,
    action integer not null,
    machine_id integer not null,
    number integer not null,                -- from 1, in the order in which they came
    name text not null,
    size integer not null,
    sha256 text not null,
    created_at integer not null,
    unique (task_id, action, machine_id, number)
);
create index artifacts_by_content on artifacts (sha256);

-- What scripts set for the later steps of a deployment. The values are sealed.
create table output_variables (
    id integer primary key autoincrement,
    task_id integer not null references tasks (id) on delete cascade,
    action integer not null,
    machine_id integer not null,
    name text not null,
    value text not null,
    sensitive integer not null,
    unique (task_id, action, machine_id, name)
);

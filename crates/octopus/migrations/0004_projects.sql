-- What people configure: one row for each resource. The body is JSON as clients see it,
-- without id and links; its secrets are sealed.
create table documents (
    id integer primary key autoincrement,
    kind text not null,                     -- the prefix of its ids, such as `Projects`
    space_id integer not null,               -- 0: belongs to no space
    owner_id integer not null default 0,     -- the document that it goes with; 0 for none
    name text not null,
    name_key text not null,                 -- the name in lower case
    body text not null,
    revision integer not null default 1,
    unique (kind, space_id, owner_id, name_key)
);
create index documents_by_owner on documents (owner_id, kind, id);

-- Who changed what.
create table events (
    id integer primary key autoincrement,
    space_id integer not null,
    occurred_at integer not null,
    username text not null,
    category text not null,                 -- `Created`, `Modified`, `Deleted`, …
    document text not null,                 -- `Projects-7`
    message text not null
);
create index events_by_document on events (document, id);

insert into documents (kind, space_id, name, name_key, body)
values ('Spaces', 0, 'Default', 'default', '{"Name":"Default","Slug":"default","IsDefault":true}');
insert into documents (kind, space_id, name, name_key, body)
values ('ProjectGroups', 1, 'Default Project Group', 'default project group', '{"Name":"Default Project Group"}');
insert into documents (kind, space_id, name, name_key, body)
values ('Lifecycles', 1, 'Default Lifecycle', 'default lifecycle', '{"Name":"Default Lifecycle"}');

alter table environments add column label text not null default '';     -- what people call it
update environments set label = name;
alter table environments add column space_id integer not null default 1;
alter table environments add column guided_failure integer not null default 0;
alter table environments add column dynamic integer not null default 0;

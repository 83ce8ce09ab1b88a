-- What NuGet clients ask of a package.
alter table packages add column nuspec text;                        -- null: not read from the package's file yet
alter table packages add column tags text not null default '';     -- separated by spaces
alter table packages add column semver2 integer not null default 0; -- readable only by clients that know SemVer 2
alter table packages add column listed integer not null default 1;

-- Lists are answered from memory, and read here what has changed since.
alter table packages add column revision integer not null default 0; -- the feed's when the row was last written
create index packages_by_revision on packages (revision);
create index packages_by_content on packages (sha256);
create table feed (
    id integer primary key,                 -- 1
    revision integer not null,
    removed_at integer not null             -- the revision of the last removal
);
insert into feed (id, revision, removed_at) values (1, 0, 0);

-- What NuGet clients ask of a package.
alter table packages add column nuspec text;                        -- null: not read from the package's file yet
alter table packages add column tags text not null default '';     -- separated by spaces
alter table packages add column semver2 integer not null default 0; -- readable only by clients that know SemVer 2
alter table packages add column listed integer not null default 1;

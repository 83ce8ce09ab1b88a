alter table users add column display_name text not null default '';
alter table users add column email text not null default '';
alter table users add column active integer not null default 1;     -- 0: may neither sign in nor use a key
alter table users add column service integer not null default 0;    -- a program: has no password
alter table api_keys add column hint text not null default '';      -- its first characters
alter table api_keys add column expires_at integer;                 -- null: never
create index api_keys_by_user on api_keys (user_id, id);
create index sessions_by_user on sessions (user_id);

-- Who was known so far could do everything, and still can.
insert into documents (kind, space_id, name, name_key, body)
select 'Teams', 0, 'Octopus Administrators', 'octopus administrators',
    '{"Name":"Octopus Administrators","MemberUserIds":['
    || coalesce(string_agg('"Users-' || id || '"', ','), '') || ']}'
from users;
insert into documents (kind, space_id, owner_id, name, name_key, body)
select 'ScopedUserRoles', 0, id, 'administrator', 'administrator',
    '{"TeamId":"Teams-' || id || '","UserRoleId":"userroles-systemadministrator"}'
from documents where kind = 'Teams';

alter table machines add column disabled integer not null default 0;  -- 1: nothing is deployed to it

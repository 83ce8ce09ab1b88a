-- Why the server made it by itself; unique, so that no reason makes two. Null: a person made it.
alter table deployments add column cause text;
create unique index deployments_by_cause on deployments (cause);

-- Machines that became available for deployments, until triggers have been looked at.
create table arrivals (
    id integer primary key autoincrement,
    machine_id integer not null unique references machines (id) on delete cascade,
    categories text not null,               -- what happened: `MachineAdded,MachineHealthy`
    revision integer not null default 1     -- goes up when more happened
);

-- A unit that is taken or given back changes what can be booked of all practitioners whose services may use it.
create or replace function {schema}.mark_openings_of_unit() returns trigger language plpgsql as $$
begin
    insert into {schema}.opening_marks (practitioner_id)
    select each from {schema}.resources r, unnest(r.practitioner_id || r.shared_with) each
     where r.id = case when tg_op = 'DELETE' then old.resource_id else new.resource_id end;
    return null;
end $$;

create or replace function {schema}.mark_openings_of_resource() returns trigger language plpgsql as $$
begin
    insert into {schema}.opening_marks (practitioner_id)
    select distinct each from unnest(old.practitioner_id || old.shared_with || new.shared_with) each
     where each is not null;
    return null;
end $$;

create or replace trigger resource_uses_mark after insert or update or delete on {schema}.resource_uses
    for each row execute function {schema}.mark_openings_of_unit();

create or replace trigger resources_mark after update or delete on {schema}.resources
    for each row execute function {schema}.mark_openings_of_resource();

-- Whatever changes what can be booked of a practitioner leaves a mark, in its own transaction. Marks are only added: a
-- transaction waits for no other because of them.
create or replace function {schema}.mark_openings() returns trigger language plpgsql as $$
begin
    insert into {schema}.opening_marks (practitioner_id)
    values (case when tg_op = 'DELETE' then old.practitioner_id else new.practitioner_id end);
    return null;
end $$;

create or replace trigger sessions_mark after insert or update or delete on {schema}.sessions
    for each row execute function {schema}.mark_openings();

create or replace trigger time_off_mark after insert or update or delete on {schema}.time_off
    for each row execute function {schema}.mark_openings();

create or replace trigger schedules_mark after insert or update or delete on {schema}.schedules
    for each row execute function {schema}.mark_openings();

create or replace trigger named_schedules_mark after insert or update or delete on {schema}.named_schedules
    for each row execute function {schema}.mark_openings();

create or replace trigger schedule_uses_mark after insert or update or delete on {schema}.schedule_uses
    for each row execute function {schema}.mark_openings();

create or replace trigger service_copies_mark after insert or update or delete on {schema}.service_copies
    for each row execute function {schema}.mark_openings();

create or replace trigger approvals_mark after insert or update or delete on {schema}.approvals
    for each row execute function {schema}.mark_openings();

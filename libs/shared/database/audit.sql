-- The audit log of a schema: what staff did. The service adds rows, completes one whose outcome it did not know when it
-- began, and erases words about people; nothing else changes a row, and nothing deletes one.
create table if not exists {schema}.audit (
    id uuid constraint pk_audit primary key,
    actor_id uuid,
    action text not null,
    subject_id uuid not null,
    before jsonb not null,
    after jsonb not null,
    created_at timestamptz not null
);

create index if not exists ix_audit_subject_id on {schema}.audit (subject_id);

create index if not exists ix_audit_actor_id on {schema}.audit (actor_id);

create or replace function {schema}.audit_only_complete() returns trigger language plpgsql as $$
begin
    if current_user = 'estuary_{schema}'
        and (old.after ->> 'outcome' is distinct from 'unknown' or new.after ? 'outcome') then
        raise exception 'an audit row is completed once, and never changed';
    end if;
    return new;
end $$;

create or replace trigger audit_only_complete before update on {schema}.audit
    for each row execute function {schema}.audit_only_complete();

-- What staff wrote about a person, and what a person wrote as staff: `subjects` are the rows that are about them.
create or replace function {schema}.erase_audit_words(person uuid, subjects uuid[]) returns void
language sql security definer set search_path = {schema}, pg_temp as $$
    update {schema}.audit
    set before = before - array['reason', 'note'], after = after - array['reason', 'note']
    where (actor_id = person or subject_id = any (subjects))
        and (before ?| array['reason', 'note'] or after ?| array['reason', 'note'])
$$;

revoke update, delete, truncate on {schema}.audit from estuary_{schema};

grant select, insert on {schema}.audit to estuary_{schema};

grant update (after) on {schema}.audit to estuary_{schema};

revoke execute on function {schema}.erase_audit_words(uuid, uuid[]) from public;

grant execute on function {schema}.erase_audit_words(uuid, uuid[]) to estuary_{schema};

-- The audit log as a chain. The service adds rows; the leader of the schema numbers them after their commit, each with a
-- salted digest of its contents and a hash over the row before it; an erasure empties contents and takes the salt, and
-- says in a row of its own which rows it emptied. Nothing else changes a row, and nothing deletes one.
alter table {schema}.audit
    add column if not exists on_behalf_of uuid,
    add column if not exists reason text,
    add column if not exists trace_id text,
    add column if not exists address text,
    add column if not exists number bigint,
    add column if not exists salt bytea,
    add column if not exists digest bytea,
    add column if not exists hash bytea,
    add column if not exists erased_at timestamptz;

-- The names of the release before, whose trigger lets the owner do this.
update {schema}.audit set reason = after ->> 'reason', after = after - 'reason' where after ? 'reason';

update {schema}.audit set action = renamed.present
from (values ('practitioner_verification', 'practitioner.verify'), ('user_deactivated', 'user.deactivate'),
    ('staff_granted', 'user.grant_staff'), ('staff_revoked', 'user.revoke_staff')) renamed (past, present)
where action = renamed.past;

alter table {schema}.audit drop constraint if exists ck_audit_sealed_whole, add constraint ck_audit_sealed_whole check (
    (number is null) = (hash is null) and (number is null) = (digest is null) and (salt is null or number is not null)
    and (number is null or salt is not null or erased_at is not null)
);

create unique index if not exists ix_audit_number on {schema}.audit (number) where number is not null;

create index if not exists ix_audit_unsealed on {schema}.audit (id) where number is null;

create index if not exists ix_audit_created_at on {schema}.audit (created_at, id);

create index if not exists ix_audit_erasures on {schema}.audit (id) where action = 'audit.erase';

-- Also for the owner of the table, who has to disable it before changing anything, and whose changes the chain shows.
-- The release before completes a row in place; those that it may still complete are not sealed yet.
create or replace function {schema}.audit_only_complete() returns trigger language plpgsql as $$
declare
    was jsonb := to_jsonb(old);
    becomes jsonb := to_jsonb(new);
    is_sealing boolean := old.number is null and new.number is not null
        and was - array['number', 'salt', 'digest', 'hash'] = becomes - array['number', 'salt', 'digest', 'hash'];
    is_erasing boolean := old.erased_at is null and new.erased_at is not null and new.salt is null
        and new.before = '{}' and new.after = '{}' and new.reason is null and new.address is null
        and was - array['before', 'after', 'reason', 'address', 'salt', 'erased_at']
            = becomes - array['before', 'after', 'reason', 'address', 'salt', 'erased_at'];
    is_completing boolean := old.number is null and old.after ->> 'outcome' = 'unknown' and not new.after ? 'outcome'
        and was - 'after' = becomes - 'after';
begin
    if is_sealing or is_erasing or is_completing or was = becomes then
        return new;
    end if;
    raise exception 'an audit row is sealed once, emptied by an erasure, and never changed otherwise';
end $$;

create or replace function {schema}.audit_keep() returns trigger language plpgsql as $$
begin
    raise exception 'rows of an audit log are never deleted';
end $$;

create or replace trigger audit_keep before delete on {schema}.audit
    for each row execute function {schema}.audit_keep();

create or replace trigger audit_keep_all before truncate on {schema}.audit
    for each statement execute function {schema}.audit_keep();

-- Empties what is about a person, and what a person wrote as staff: `subjects` are the ids of what is theirs. Ids,
-- action and time stay. One more row names those that were emptied, which verification asks for.
create or replace function {schema}.erase_audit(person uuid, subjects uuid[], erased timestamptz) returns void
language sql security definer set search_path = {schema}, pg_temp as $$
    with emptied as (
        update {schema}.audit
        set before = '{}', after = '{}', reason = null, address = null, salt = null, erased_at = erased
        where (actor_id = person or on_behalf_of = person or subject_id = any (subjects))
            and erased_at is null and action <> 'audit.erase'
        returning id
    )
    insert into {schema}.audit (id, action, subject_id, before, after, created_at)
    select gen_random_uuid(), 'audit.erase', person, '{}', jsonb_build_object('entries', jsonb_agg(id order by id)), erased
    from emptied having count(*) > 0
$$;

-- As the release before calls it.
create or replace function {schema}.erase_audit_words(person uuid, subjects uuid[]) returns void
language sql security definer set search_path = {schema}, pg_temp as $$
    select {schema}.erase_audit(person, subjects, now())
$$;

revoke insert on {schema}.audit from estuary_{schema};

grant insert (id, actor_id, on_behalf_of, action, subject_id, before, after, reason, trace_id, address, created_at)
    on {schema}.audit to estuary_{schema};

grant update (number, salt, digest, hash) on {schema}.audit to estuary_{schema};

revoke execute on function {schema}.erase_audit(uuid, uuid[], timestamptz) from public;

grant execute on function {schema}.erase_audit(uuid, uuid[], timestamptz) to estuary_{schema};

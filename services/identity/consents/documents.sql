-- Documents and decisions are only added, by the owner of the tables too.
create or replace function {schema}.consents_keep() returns trigger language plpgsql as $$
begin
    raise exception 'documents and decisions are never changed or deleted';
end $$;

create or replace trigger consent_documents_keep before update or delete on {schema}.consent_documents
    for each row execute function {schema}.consents_keep();

create or replace trigger consents_keep_all before truncate on {schema}.consents
    for each statement execute function {schema}.consents_keep();

-- But for decisions of an account that was closed three years before: they have served.
create or replace function {schema}.decisions_keep() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and exists (
        select from {schema}.users where id = old.user_id and deactivated_at is not null
    ) then
        return old;
    end if;
    raise exception 'documents and decisions are never changed or deleted';
end $$;

create or replace trigger consents_keep before update or delete on {schema}.consents
    for each row execute function {schema}.decisions_keep();

create or replace function {schema}.prune_consents(now timestamptz, most integer) returns bigint
language sql security definer set search_path = {schema}, pg_temp as $$
    with gone as (
        delete from {schema}.consents where id in (
            select c.id from {schema}.consents c join {schema}.users u on u.id = c.user_id
            where u.deactivated_at < now - interval '3 years' limit most
        )
        returning id
    )
    select count(*) from gone
$$;

revoke execute on function {schema}.prune_consents(timestamptz, integer) from public;

grant execute on function {schema}.prune_consents(timestamptz, integer) to estuary_{schema};

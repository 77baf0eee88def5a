-- Documents and decisions are only added, by the owner of the tables too.
create or replace function {schema}.consents_keep() returns trigger language plpgsql as $$
begin
    raise exception 'documents and decisions are never changed or deleted';
end $$;

create or replace trigger consent_documents_keep before update or delete on {schema}.consent_documents
    for each row execute function {schema}.consents_keep();

create or replace trigger consents_keep before update or delete on {schema}.consents
    for each row execute function {schema}.consents_keep();

create or replace trigger consents_keep_all before truncate on {schema}.consents
    for each statement execute function {schema}.consents_keep();

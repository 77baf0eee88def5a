-- Heads of the audit logs are only added, by the owner of the table too.
create or replace trigger audit_heads_keep before update or delete on {schema}.audit_heads
    for each row execute function {schema}.audit_keep();

create or replace trigger audit_heads_keep_all before truncate on {schema}.audit_heads
    for each statement execute function {schema}.audit_keep();

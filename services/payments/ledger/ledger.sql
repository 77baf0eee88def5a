-- Transfers are never changed or removed: whatever tries is refused, whoever it is.
create or replace function {schema}.ledger_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the ledger is append-only: post a transfer that corrects it';
end $$;

create or replace trigger ledger_transfers_append_only before update or delete or truncate on {schema}.ledger_transfers
    for each statement execute function {schema}.ledger_refuse_change();

-- All legs of one event, or none; the same event again changes nothing, and other legs under its id are an error.
-- Balance rows are touched in the order of their ids, so that two postings cannot deadlock.
create or replace function {schema}.ledger_post(
    p_event uuid, p_reason text, p_ref jsonb, p_posted_at timestamptz, p_accounts jsonb, p_legs jsonb
) returns boolean language plpgsql as $$
declare
    posted integer;
    known integer;
    change record;
begin
    insert into {schema}.ledger_accounts (id, kind, owner_id, currency, live)
    select a.id, a.kind, a.owner_id, a.currency, a.live
    from jsonb_to_recordset(p_accounts) as a(id uuid, kind text, owner_id uuid, currency text, live boolean)
    where not exists (select from {schema}.ledger_accounts known where known.id = a.id)
    order by a.id
    on conflict do nothing;

    insert into {schema}.ledger_transfers
        (id, group_id, leg, debit_id, credit_id, currency, amount, reason, ref, posted_at)
    select l.id, p_event, l.leg, l.debit_id, l.credit_id, l.currency, l.amount, p_reason, p_ref, p_posted_at
    from jsonb_to_recordset(p_legs)
        as l(id uuid, leg smallint, debit_id uuid, credit_id uuid, currency text, amount bigint)
    order by l.leg
    on conflict (id) do nothing;
    get diagnostics posted = row_count;

    if posted < jsonb_array_length(p_legs) then
        select count(*) into known
        from jsonb_to_recordset(p_legs) as l(id uuid, debit_id uuid, credit_id uuid, amount bigint)
        join {schema}.ledger_transfers t using (id, debit_id, credit_id, amount);
        if posted > 0 or known < jsonb_array_length(p_legs) then
            raise exception 'event % was posted before with other legs', p_event;
        end if;
        return false;
    end if;

    for change in
        select a.id, coalesce(sum(l.amount) filter (where l.debit_id = a.id), 0) as debits,
            coalesce(sum(l.amount) filter (where l.credit_id = a.id), 0) as credits
        from jsonb_to_recordset(p_accounts) as a(id uuid, live boolean)
        join jsonb_to_recordset(p_legs) as l(debit_id uuid, credit_id uuid, amount bigint)
            on a.id in (l.debit_id, l.credit_id)
        where a.live
        group by a.id
        order by a.id
    loop
        update {schema}.ledger_balances b
        set debits = b.debits + change.debits, credits = b.credits + change.credits
        where b.account_id = change.id;
        if not found then
            insert into {schema}.ledger_balances as b (account_id, debits, credits) values (change.id, 0, 0)
            on conflict do nothing;
            update {schema}.ledger_balances b
            set debits = b.debits + change.debits, credits = b.credits + change.credits
            where b.account_id = change.id;
        end if;
    end loop;
    return true;
end $$;

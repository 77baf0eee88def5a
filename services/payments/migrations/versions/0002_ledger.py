"""The ledger, commission, earnings, refunds and payouts."""

from shared.database.migrate import execute_all

revision = "payments_0002"
down_revision = "payments_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the tables, the posting function, and what makes the ledger append-only."""
    execute_all(LEDGER)
    execute_all(EARNINGS)
    execute_all(PAYOUTS)
    execute_all(REFUNDS)


LEDGER = [
    """
    create table payments.ledger_accounts (
        id uuid primary key,
        kind varchar(32) not null
            constraint ck_ledger_accounts_kind check (kind in ('stripe_clearing', 'connected_clearing',
                'client_credits', 'credits_held', 'credits_expired', 'order_escrow', 'seller_pending',
                'seller_available', 'seller_in_payout', 'seller_debt', 'platform_revenue', 'processor_fees')),
        owner_id uuid,
        currency varchar(3) not null,
        live boolean not null,
        constraint uq_ledger_accounts_kind_owner_id_currency unique nulls not distinct (kind, owner_id, currency),
        constraint uq_ledger_accounts_id_currency unique (id, currency)
    )
    """,
    """
    create table payments.ledger_transfers (
        id uuid primary key,
        seq bigint generated always as identity,
        group_id uuid not null,
        leg smallint not null,
        debit_id uuid not null,
        credit_id uuid not null,
        currency varchar(3) not null,
        amount bigint not null constraint ck_ledger_transfers_amount check (amount > 0),
        reason varchar(64) not null,
        ref jsonb not null,
        posted_at timestamptz not null,
        constraint ck_ledger_transfers_two_accounts check (debit_id <> credit_id),
        constraint uq_ledger_transfers_group_id_leg unique (group_id, leg),
        constraint fk_ledger_transfers_debit foreign key (debit_id, currency)
            references payments.ledger_accounts (id, currency),
        constraint fk_ledger_transfers_credit foreign key (credit_id, currency)
            references payments.ledger_accounts (id, currency)
    )
    """,
    "create index ix_ledger_transfers_debit_id_seq on payments.ledger_transfers (debit_id, seq)",
    "create index ix_ledger_transfers_credit_id_seq on payments.ledger_transfers (credit_id, seq)",
    """
    create table payments.ledger_balances (
        account_id uuid primary key references payments.ledger_accounts (id),
        debits bigint not null,
        credits bigint not null,
        constraint ck_ledger_balances_not_negative check (credits >= debits)
    ) with (fillfactor = 70)
    """,
    """
    create function payments.ledger_refuse_change() returns trigger language plpgsql as $$
    begin
        raise exception 'the ledger is append-only: post a transfer that corrects it';
    end $$
    """,
    """
    create trigger ledger_transfers_append_only before update or delete or truncate on payments.ledger_transfers
        for each statement execute function payments.ledger_refuse_change()
    """,
    "revoke update, delete, truncate on payments.ledger_transfers from estuary_payments",
    "revoke update, delete, truncate on payments.ledger_accounts from estuary_payments",
    "revoke delete, truncate on payments.ledger_balances from estuary_payments",
    # All legs of one event, or none; the same event again changes nothing, and other legs under its id are an error.
    # Balance rows are touched in the order of their ids, so that two postings cannot deadlock.
    """
    create function payments.ledger_post(
        p_event uuid, p_reason text, p_ref jsonb, p_posted_at timestamptz, p_accounts jsonb, p_legs jsonb
    ) returns boolean language plpgsql as $$
    declare
        posted integer;
        known integer;
        change record;
    begin
        insert into payments.ledger_accounts (id, kind, owner_id, currency, live)
        select a.id, a.kind, a.owner_id, a.currency, a.live
        from jsonb_to_recordset(p_accounts) as a(id uuid, kind text, owner_id uuid, currency text, live boolean)
        where not exists (select from payments.ledger_accounts known where known.id = a.id)
        order by a.id
        on conflict do nothing;

        insert into payments.ledger_transfers
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
            join payments.ledger_transfers t using (id, debit_id, credit_id, amount);
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
            update payments.ledger_balances b
            set debits = b.debits + change.debits, credits = b.credits + change.credits
            where b.account_id = change.id;
            if not found then
                insert into payments.ledger_balances as b (account_id, debits, credits) values (change.id, 0, 0)
                on conflict do nothing;
                update payments.ledger_balances b
                set debits = b.debits + change.debits, credits = b.credits + change.credits
                where b.account_id = change.id;
            end if;
        end loop;
        return true;
    end $$
    """,
    """
    create table payments.commission_terms (
        practitioner_id uuid primary key,
        plan varchar(32) not null
            constraint ck_commission_terms_plan check (plan in ('free', 'entry', 'premium')),
        rate numeric(5, 4) constraint ck_commission_terms_rate check (rate between 0 and 1),
        updated_at timestamptz not null
    )
    """,
]

EARNINGS = [
    """
    create table payments.sellers (
        practitioner_id uuid primary key,
        created_at timestamptz not null
    )
    """,
    """
    create table payments.earnings (
        id uuid primary key,
        order_id uuid not null references payments.orders (id),
        part integer not null,
        booking_id uuid not null,
        practitioner_id uuid not null,
        currency varchar(3) not null,
        commission_rate numeric(5, 4) not null,
        commission bigint not null,
        net bigint not null,
        reversed_commission bigint not null,
        reversed_net bigint not null,
        repaid bigint not null,
        owed bigint not null,
        owed_commission bigint not null,
        status varchar(32) not null
            constraint ck_earnings_status
            check (status in ('pending', 'held', 'available', 'in_payout', 'paid', 'reversed')),
        payout_id uuid,
        completed_at timestamptz,
        available_at timestamptz,
        created_at timestamptz not null,
        constraint uq_earnings_order_id_part unique (order_id, part),
        constraint ck_earnings_amounts check (reversed_commission >= 0 and reversed_net >= 0
            and repaid between 0 and net and owed between 0 and net and owed_commission between 0 and commission),
        constraint ck_earnings_reversed check (status <> 'reversed' or net + commission = 0),
        constraint ck_earnings_payout check ((payout_id is not null) = (status in ('in_payout', 'paid')))
    ) with (fillfactor = 80)
    """,
    "create index ix_earnings_practitioner_id_created_at on payments.earnings (practitioner_id, created_at, id)",
    "create index ix_earnings_booking_id on payments.earnings (booking_id)",
    "create index ix_earnings_due on payments.earnings (available_at) where status = 'pending'",
    """
    create index ix_earnings_payable on payments.earnings (practitioner_id, available_at, id)
        where status = 'available' and net > repaid
    """,
    "create index ix_earnings_payout_id on payments.earnings (payout_id) where payout_id is not null",
]

PAYOUTS = [
    """
    create table payments.payout_accounts (
        practitioner_id uuid primary key,
        user_id uuid not null,
        stripe_account_id text unique,
        charges_enabled boolean not null,
        payouts_enabled boolean not null,
        needs_details boolean not null,
        schedule varchar(32) not null
            constraint ck_payout_accounts_schedule check (schedule in ('manual', 'weekly')),
        weekly_since timestamptz,
        batched_at timestamptz,
        created_at timestamptz not null
    )
    """,
    """
    create index ix_payout_accounts_weekly on payments.payout_accounts (batched_at nulls first)
        where schedule = 'weekly'
    """,
    """
    create table payments.payouts (
        id uuid primary key,
        practitioner_id uuid not null,
        user_id uuid not null,
        currency varchar(3) not null,
        amount bigint not null constraint ck_payouts_amount check (amount > 0),
        status varchar(32) not null
            constraint ck_payouts_status check (status in ('eligible', 'processing', 'paid', 'rejected', 'failed')),
        batch_at timestamptz,
        approval_id uuid,
        approved_by uuid,
        approved_at timestamptz,
        stripe_account_id text,
        attempt integer not null,
        transfer_id text unique,
        bank_payout_id text unique,
        bank_state varchar(32),
        reversal_id text,
        reason text,
        tries integer not null,
        next_try_at timestamptz,
        paid_at timestamptz,
        created_at timestamptz not null,
        constraint uq_payouts_practitioner_id_batch_at unique (practitioner_id, batch_at)
    )
    """,
    "create index ix_payouts_practitioner_id_created_at on payments.payouts (practitioner_id, created_at, id)",
    "create index ix_payouts_status_created_at on payments.payouts (status, created_at)",
    "create index ix_payouts_next_try_at on payments.payouts (next_try_at) where next_try_at is not null",
    """
    alter table payments.earnings
        add constraint fk_earnings_payout_id foreign key (payout_id) references payments.payouts (id)
    """,
    """
    create table payments.audit (
        id uuid primary key,
        actor_id uuid not null,
        action varchar(64) not null,
        subject_id uuid not null,
        before jsonb not null,
        after jsonb not null,
        created_at timestamptz not null
    )
    """,
    "create index ix_audit_subject_id on payments.audit (subject_id)",
    "revoke update, delete, truncate on payments.audit from estuary_payments",
]

REFUNDS = [
    """
    create table payments.refunds (
        id uuid primary key,
        order_id uuid not null references payments.orders (id),
        currency varchar(3) not null,
        card bigint not null,
        credits bigint not null,
        status varchar(32) not null constraint ck_refunds_status check (status in ('pending', 'succeeded')),
        reason text not null,
        by text not null,
        stripe_refund_id text unique,
        attempt integer not null,
        tries integer not null,
        error text,
        next_try_at timestamptz,
        created_at timestamptz not null,
        constraint ck_refunds_amounts check (card >= 0 and credits >= 0 and card + credits > 0)
    )
    """,
    "create index ix_refunds_order_id on payments.refunds (order_id)",
    "create index ix_refunds_next_try_at on payments.refunds (next_try_at) where next_try_at is not null",
]

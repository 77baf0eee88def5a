"""Orders of several lines: each has its practitioner, its releases, and what refunds took of it.

What there was becomes orders of one line; no id, posting or sum changes.
"""

from shared.database.migrate import execute_all

revision = "payments_0025"
down_revision = "payments_0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The release before has to be stopped: it writes lines without what they need from here on."""
    execute_all(ORDERS)
    execute_all(LINES)
    execute_all(EARNINGS)
    execute_all(REFUNDS)
    execute_all(LEDGER)


ORDERS = [
    """
    alter table payments.orders
        add column subject_id uuid,
        add column chargeback varchar(32)
            constraint ck_orders_chargeback check (chargeback in ('open', 'won', 'lost')),
        drop constraint ck_orders_kind,
        add constraint ck_orders_kind check (kind in ('booking', 'pass', 'fee', 'credits', 'subscription', 'event',
            'gift', 'post', 'collection', 'tombstone'))
    """,
    """
    update payments.orders o set chargeback = c.standing
    from (
        select order_id,
            case when bool_or(status in ('needs_response', 'under_review')) then 'open'
                when bool_or(status = 'lost') then 'lost' when bool_or(status = 'won') then 'won' end as standing
        from payments.chargebacks group by order_id
    ) c
    where c.order_id = o.id and c.standing is not null
    """,
]
LINES = [
    # There should be no order without its line; but what was earned or refunded has to belong to one.
    """
    insert into payments.order_lines (id, order_id, description, gross, commission_rate, created_at)
    select gen_random_uuid(), o.id, o.title, o.total, 0, o.created_at from payments.orders o
    where o.total > 0 and not exists (select from payments.order_lines l where l.order_id = o.id)
    """,
    """
    alter table payments.order_lines
        add column position integer,
        add column practitioner_id uuid,
        add column booking_id uuid,
        add column pass_session_id uuid,
        add column subject_id uuid,
        add column refunded bigint,
        add column releases jsonb,
        add column hold_hours integer,
        add column earned_at timestamptz
    """,
    """
    update payments.order_lines l
    set position = n.position, practitioner_id = o.practitioner_id, booking_id = o.booking_id,
        refunded = case n.position when 0 then least(o.refunded_card + o.refunded_credits, l.gross) else 0 end,
        releases = '[[100, "completed"]]', hold_hours = 24,
        earned_at = (select min(e.created_at) from payments.earnings e where e.order_id = o.id)
    from payments.orders o,
        (select id, row_number() over (partition by order_id order by id) - 1 as position from payments.order_lines) n
    where o.id = l.order_id and n.id = l.id
    """,
    """
    alter table payments.order_lines
        alter column position set not null,
        alter column refunded set not null,
        alter column releases set not null,
        alter column hold_hours set not null,
        add constraint ck_order_lines_position check (position >= 0),
        add constraint ck_order_lines_refunded check (refunded between 0 and gross),
        add constraint uq_order_lines_order_id_position unique (order_id, position)
    """,
    "drop index payments.ix_order_lines_order_id",
]
EARNINGS = [
    """
    alter table payments.earnings
        add column line_id uuid references payments.order_lines (id),
        add column release integer,
        add column kind varchar(32),
        alter column booking_id drop not null
    """,
    """
    update payments.earnings e set line_id = l.id, release = 0, kind = o.kind
    from payments.order_lines l join payments.orders o on o.id = l.order_id
    where l.order_id = e.order_id and l.position = 0
    """,
    """
    alter table payments.earnings
        alter column line_id set not null,
        alter column release set not null,
        alter column kind set not null,
        drop constraint uq_earnings_order_id_part,
        add constraint uq_earnings_line_id_release_part unique (line_id, release, part)
    """,
]
REFUNDS = [
    "alter table payments.refunds add column lines jsonb not null default '[]'",
    """
    update payments.refunds r
    set lines = case when r.card - r.settles + r.credits = 0 then '[]'
        else jsonb_build_array(jsonb_build_array(l.id, r.card - r.settles + r.credits)) end
    from payments.order_lines l
    where l.order_id = r.order_id and l.position = 0
    """,
    """
    alter table payments.refunds
        add constraint ck_refunds_lines check (jsonb_typeof(lines) = 'array')
    """,
]
LEDGER = [
    """
    alter table payments.ledger_accounts
        drop constraint ck_ledger_accounts_kind,
        add constraint ck_ledger_accounts_kind check (kind in ('stripe_clearing', 'connected_clearing',
            'client_credits', 'client_debt', 'credits_held', 'credits_expired', 'order_escrow', 'seller_pending',
            'seller_available', 'seller_in_payout', 'seller_debt', 'platform_revenue', 'subscription_revenue',
            'processor_fees', 'refunds_owed', 'paid_outside'))
    """,
]

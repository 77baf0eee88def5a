"""What must always hold of refunds. Each statement returns the rows that break its promise."""

from services.payments.ledger.invariants import owners_balances

INVARIANTS: dict[str, str] = {
    "refunds never exceed what a tender paid": """
        select o.id, o.amount_due, o.credits_applied, sum(r.card - r.settles) as card, sum(r.credits) as credits
        from payments.refunds r
        join payments.orders o on o.id = r.order_id
        group by o.id
        having sum(r.card - r.settles) > case when o.status in ('paid', 'paid_late') then o.amount_due else 0 end
            or sum(r.credits) > case when o.status = 'paid' then o.credits_applied else 0 end
    """,
    "every refund is posted in full": """
        select r.id, r.card, r.credits, sum(t.amount) as posted
        from payments.refunds r
        left join payments.ledger_transfers t on t.group_id = r.id
        group by r.id
        having coalesce(sum(t.amount), 0) <> r.card + r.credits
    """,
    "lines know what refunds took of them": """
        select l.id, l.refunded, r.line_id, r.amount
        from payments.order_lines l
        full join (
            select (part ->> 0)::uuid as line_id, sum((part ->> 1)::bigint) as amount
            from payments.refunds cross join jsonb_array_elements(lines) part group by 1
        ) r on r.line_id = l.id
        where coalesce(l.refunded, 0) <> coalesce(r.amount, 0)
    """,
    "every refund is taken of lines": """
        select id, card, credits, settles, lines
        from payments.refunds
        where card - settles + credits
            <> (select coalesce(sum((part ->> 1)::bigint), 0) from jsonb_array_elements(lines) part)
    """,
    "credits of refunds came back": """
        select r.order_id, r.credits, u.restored
        from (select order_id, sum(credits) as credits from payments.refunds group by order_id) r
        full join (select order_id, sum(restored) as restored from payments.credit_uses group by order_id) u
            on u.order_id = r.order_id
        where coalesce(r.credits, 0) <> coalesce(u.restored, 0)
    """,
    "failed refunds are owed to their clients": f"""
        select coalesce(r.client_id, l.owner_id) as client_id, r.owed, l.balance
        from (
            select o.client_id, o.currency,
                sum(case when r.status = 'failed' then r.card else 0 end - r.settles) as owed
            from payments.refunds r join payments.orders o on o.id = r.order_id
            group by o.client_id, o.currency
        ) r
        full join ({owners_balances("refunds_owed")}) l on l.owner_id = r.client_id and l.currency = r.currency
        where coalesce(r.owed, 0) <> coalesce(l.balance, 0)
    """,
    "refunds are carried out": """
        select id, order_id, card, attempt, last_error
        from payments.refunds
        where status = 'pending' and (next_try_at is null or (tries > 20 and stripe_refund_id is null))
    """,
    "a refund that waits after a try, or has failed, says why": """
        select id, order_id, tries from payments.refunds
        where last_error is null and (status = 'failed' or status = 'pending' and tries > 0)
    """,
}

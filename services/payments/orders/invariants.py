"""What must always hold of orders. Each statement returns the rows that break its promise."""

INVARIANTS: dict[str, str] = {
    "orders know what refunds and disputes took": """
        select o.id, o.refunded_card, o.refunded_credits, o.disputed, r.card, r.credits, c.amount
        from payments.orders o
        left join (
            select order_id, sum(card - settles) as card, sum(credits) as credits
            from payments.refunds group by order_id
        ) r on r.order_id = o.id
        left join (
            select order_id, sum(amount) as amount from payments.chargebacks
            where status in ('needs_response', 'under_review', 'lost') group by order_id
        ) c on c.order_id = o.id
        where o.refunded_card <> coalesce(r.card, 0) or o.refunded_credits <> coalesce(r.credits, 0)
           or o.disputed <> coalesce(c.amount, 0)
    """,
    "lines sum to their order": """
        select o.id, o.total, l.gross, o.discount, l.funded, o.refunded_card, o.refunded_credits, l.refunded
        from payments.orders o
        left join (
            select order_id, sum(gross) as gross, sum(refunded) as refunded, sum(funded) as funded
            from payments.order_lines group by order_id
        ) l on l.order_id = o.id
        where o.total <> coalesce(l.gross, 0) or o.discount <> coalesce(l.funded, 0)
           or o.refunded_card + o.refunded_credits <> coalesce(l.refunded, 0)
    """,
    "what the platform pays of a price is posted as its cost": """
        select coalesce(o.id::text, p.order_id) as order_id, o.status, o.funded, p.cost
        from (
            select o.id, o.status, sum(l.funded - l.unfunded) as funded
            from payments.orders o join payments.order_lines l on l.order_id = o.id
            where o.status = 'paid' group by o.id having sum(l.funded) > 0
        ) o
        full join (
            select t.ref ->> 'order_id' as order_id,
                sum(case when d.kind = 'promotion_costs' then t.amount else -t.amount end) as cost
            from payments.ledger_transfers t
            join payments.ledger_accounts d on d.id = t.debit_id
            join payments.ledger_accounts c on c.id = t.credit_id
            where (d.kind, c.kind) in (('promotion_costs', 'order_escrow'), ('order_escrow', 'promotion_costs'))
            group by 1
        ) p on p.order_id = o.id::text
        where coalesce(o.funded, 0) <> coalesce(p.cost, 0)
    """,
    "every received order is posted once": """
        select o.id, o.status, o.amount_due, p.card, p.credits
        from payments.orders o
        left join (
            select t.ref ->> 'order_id' as order_id,
                sum(t.amount) filter (where d.kind = 'stripe_clearing') as card,
                sum(t.amount) filter (where d.kind <> 'stripe_clearing' and c.kind = 'order_escrow') as credits
            from payments.ledger_transfers t
            join payments.ledger_accounts d on d.id = t.debit_id
            join payments.ledger_accounts c on c.id = t.credit_id
            where d.kind in ('stripe_clearing', 'credits_held', 'client_credits')
              and c.kind in ('order_escrow', 'client_credits')
            group by t.ref ->> 'order_id'
        ) p on p.order_id = o.id::text
        where coalesce(p.card, 0) <> case when o.status in ('paid', 'paid_late') then o.amount_due else 0 end
           or coalesce(p.credits, 0)
              <> case when o.status = 'paid' and o.kind <> 'credits' then o.credits_applied else 0 end
    """,
}

"""What must always hold of credits. Each statement returns the rows that break its promise."""

from services.payments.ledger.invariants import owners_balances

INVARIANTS: dict[str, str] = {
    "credits grants equal the clients accounts": f"""
        select coalesce(g.user_id, l.owner_id) as user_id, g.remaining, l.balance
        from (
            select user_id, currency, sum(remaining) as remaining from payments.credit_grants group by user_id, currency
        ) g
        full join ({owners_balances("client_credits")}) l on l.owner_id = g.user_id and l.currency = g.currency
        where coalesce(g.remaining, 0) <> coalesce(l.balance, 0)
    """,
    "held credits equal the clients held accounts": f"""
        select coalesce(u.user_id, l.owner_id) as user_id, u.held, l.balance
        from (
            select user_id, currency, sum(amount) as held
            from payments.credit_uses where state = 'held' group by user_id, currency
        ) u
        full join ({owners_balances("credits_held")}) l on l.owner_id = u.user_id and l.currency = u.currency
        where coalesce(u.held, 0) <> coalesce(l.balance, 0)
    """,
    "credits history equals balance and held": """
        select coalesce(h.user_id, l.user_id) as user_id, h.history, l.balance
        from (
            select user_id, currency, sum(amount) as history from payments.credit_entries group by user_id, currency
        ) h
        full join (
            select a.owner_id as user_id, a.currency,
                sum(case when t.credit_id = a.id then t.amount else -t.amount end) as balance
            from payments.ledger_accounts a
            join payments.ledger_transfers t on a.id in (t.debit_id, t.credit_id)
            where a.kind in ('client_credits', 'credits_held')
              -- What moves between the two is no line of the history.
              and not exists (
                  select from payments.ledger_accounts o
                  where o.id in (t.debit_id, t.credit_id) and o.id <> a.id and o.owner_id = a.owner_id
                    and o.kind in ('client_credits', 'credits_held')
              )
            group by a.owner_id, a.currency
        ) l on l.user_id = h.user_id and l.currency = h.currency
        where coalesce(h.history, 0) <> coalesce(l.balance, 0)
    """,
    "no client debt beside bought credits": f"""
        select g.user_id, g.currency, g.bought, -l.balance as debt
        from (
            select user_id, currency, sum(remaining) as bought from payments.credit_grants
            where priority = 100 and expires_at is null group by user_id, currency
        ) g
        join ({owners_balances("client_debt")}) l on l.owner_id = g.user_id and l.currency = g.currency
        where g.bought > 0 and l.balance < 0
    """,
    "no closed order holds credits": """
        select u.id, u.order_id, o.status
        from payments.credit_uses u
        join payments.orders o on o.id = u.order_id
        where u.state = 'held' and o.status not in ('open', 'authorized')
    """,
}

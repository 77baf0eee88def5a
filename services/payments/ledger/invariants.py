"""What must always hold in the ledger. Each statement returns the rows that break its promise."""

# SQL: what each transfer did to its two accounts, credits above zero.
MOVEMENTS = """
                select credit_id as account_id, amount from payments.ledger_transfers
                union all
                select debit_id, -amount from payments.ledger_transfers
"""


def owners_balances(kind: str) -> str:
    """SQL: `balance` (credits less debits) of the account of that kind, by `owner_id` and `currency`."""
    return f"""
            select a.owner_id, a.currency, sum(case when t.credit_id = a.id then t.amount else -t.amount end) as balance
            from payments.ledger_accounts a
            join payments.ledger_transfers t on a.id in (t.debit_id, t.credit_id)
            where a.kind = '{kind}'
            group by a.owner_id, a.currency
    """


def orders_balances(kind: str) -> str:
    """SQL: `balance` (credits less debits) that the postings of each order leave on the platform's account, by id."""
    return f"""
            select t.ref ->> 'order_id' as order_id,
                sum(case when c.kind = '{kind}' then t.amount else -t.amount end) as balance
            from payments.ledger_transfers t
            join payments.ledger_accounts d on d.id = t.debit_id
            join payments.ledger_accounts c on c.id = t.credit_id
            where '{kind}' in (d.kind, c.kind)
            group by t.ref ->> 'order_id'
    """


def lines_revenue() -> str:
    """SQL: `balance` (credits less debits) that postings about each line of an order leave on the accounts of revenue.

    Postings of before orders had several lines name their order alone.
    """
    revenue = "('platform_revenue', 'subscription_revenue')"
    return f"""
            select coalesce(t.ref ->> 'line_id', l.id::text) as line_id,
                sum(case when c.kind in {revenue} then t.amount else -t.amount end) as balance
            from payments.ledger_transfers t
            join payments.ledger_accounts d on d.id = t.debit_id
            join payments.ledger_accounts c on c.id = t.credit_id
            left join payments.order_lines l on t.ref ->> 'line_id' is null and l.order_id::text = t.ref ->> 'order_id'
            where d.kind in {revenue} or c.kind in {revenue}
            group by 1
    """


INVARIANTS: dict[str, str] = {
    "ledger balances equal the fold of transfers": """
        select a.id, a.kind, a.owner_id, coalesce(b.credits, 0) - coalesce(b.debits, 0) as kept, f.folded
        from payments.ledger_accounts a
        left join payments.ledger_balances b on b.account_id = a.id
        cross join lateral (
            select coalesce((select sum(amount) from payments.ledger_transfers where credit_id = a.id), 0)
                 - coalesce((select sum(amount) from payments.ledger_transfers where debit_id = a.id), 0) as folded
        ) f
        where a.live and coalesce(b.credits, 0) - coalesce(b.debits, 0) <> f.folded
    """,
    "live accounts and debts have the right sign": """
        select a.id, a.kind, a.owner_id, sum(case when t.credit_id = a.id then t.amount else -t.amount end) as balance
        from payments.ledger_accounts a
        join payments.ledger_transfers t on a.id in (t.debit_id, t.credit_id)
        group by a.id
        having (a.kind in ('client_credits', 'credits_held', 'seller_pending', 'seller_available', 'seller_in_payout',
                'order_escrow', 'platform_revenue', 'subscription_revenue', 'refunds_owed', 'paid_outside')
            and sum(case when t.credit_id = a.id then t.amount else -t.amount end) < 0)
            or (a.kind in ('seller_debt', 'client_debt', 'promotion_costs')
                and sum(case when t.credit_id = a.id then t.amount else -t.amount end) > 0)
    """,
    "transfers join accounts of their currency": """
        select t.id, t.currency, d.currency as debit, c.currency as credit
        from payments.ledger_transfers t
        join payments.ledger_accounts d on d.id = t.debit_id
        join payments.ledger_accounts c on c.id = t.credit_id
        where t.currency <> d.currency or t.currency <> c.currency
    """,
}

"""What must always hold of earnings. Each statement returns the rows that break its promise."""

from services.payments.ledger.invariants import MOVEMENTS, lines_revenue, orders_balances, owners_balances
from shared.records.currencies import known, step

STEPS = " ".join(f"when '{code}' then {step(code)}" for code in sorted(known()) if step(code) > 1)
INVARIANTS: dict[str, str] = {
    "every accrued order is split without rest": """
        select l.id, l.order_id, l.worth, l.gone, e.stands, e.taken
        from (
            select id, order_id, refunded + unfunded as gone, gross + funded as worth,
                earned_at is not null and practitioner_id is not null as earns
            from payments.order_lines
        ) l
        left join (
            select line_id, sum(net + commission - owed - owed_commission) as stands,
                sum(reversed_net + reversed_commission + owed + owed_commission) as taken
            from payments.earnings group by line_id
        ) e on e.line_id = l.id
        where coalesce(e.stands + e.taken, 0) <> case when l.earns then l.worth else 0 end
           or coalesce(e.taken, 0) <> case when l.earns then l.gone else 0 end
    """,
    "escrow holds what is neither earned nor refunded": f"""
        select x.order_id, x.balance
        from ({orders_balances("order_escrow")}) x
        left join (select distinct order_id from payments.order_lines where earned_at is not null) e
            on e.order_id::text = x.order_id
        where x.balance < 0 or (x.balance <> 0 and (x.order_id is null or e.order_id is not null))
    """,
    "commission is the frozen rate of what stands": f"""
        select e.line_id, e.commission, e.gross, e.rate
        from (
            select line_id, sum(commission - owed_commission) as commission,
                sum(net + commission - owed - owed_commission) as gross, max(commission_rate) as rate,
                max(currency) as currency
            from payments.earnings group by line_id
        ) e
        where abs(e.commission - e.gross * e.rate) > case e.currency {STEPS} else 1 end
    """,
    "revenue equals the commission that stands": f"""
        select coalesce(e.line_id, r.line_id) as line_id, e.amount, r.balance as revenue
        from (
            select line_id::text as line_id, sum(commission - owed_commission) as amount
            from payments.earnings group by line_id
            union all
            select id::text, gross - refunded from payments.order_lines
            where practitioner_id is null and earned_at is not null
        ) e
        full join ({lines_revenue()}) r on r.line_id = e.line_id
        where coalesce(e.amount, 0) <> coalesce(r.balance, 0)
    """,
    "earnings equal the sellers accounts": f"""
        select coalesce(e.practitioner_id, l.owner_id) as practitioner_id, coalesce(e.currency, l.currency) as currency,
            e.pending, e.available, e.in_payout, l.pending, l.available, l.in_payout
        from (
            select practitioner_id, currency,
                coalesce(sum(net) filter (where status in ('pending', 'held')), 0) as pending,
                coalesce(sum(net - repaid) filter (where status = 'available'), 0) as available,
                coalesce(sum(net) filter (where status = 'in_payout'), 0) as in_payout
            from payments.earnings group by practitioner_id, currency
        ) e
        full join (
            select a.owner_id, a.currency,
                sum(m.amount) filter (where a.kind = 'seller_pending') as pending,
                sum(m.amount) filter (where a.kind = 'seller_available') as available,
                sum(m.amount) filter (where a.kind = 'seller_in_payout') as in_payout
            from payments.ledger_accounts a
            join ({MOVEMENTS}) m on m.account_id = a.id
            where a.kind in ('seller_pending', 'seller_available', 'seller_in_payout')
            group by a.owner_id, a.currency
        ) l on l.owner_id = e.practitioner_id and l.currency = e.currency
        where coalesce(e.pending, 0) <> coalesce(l.pending, 0)
           or coalesce(e.available, 0) <> coalesce(l.available, 0)
           or coalesce(e.in_payout, 0) <> coalesce(l.in_payout, 0)
    """,
    "debt is what was refunded too late less what repaid it": f"""
        select coalesce(e.practitioner_id, l.owner_id) as practitioner_id, e.debt, -l.balance as posted
        from (
            select practitioner_id, currency, sum(owed) - sum(repaid) as debt
            from payments.earnings group by practitioner_id, currency
        ) e
        full join ({owners_balances("seller_debt")}) l on l.owner_id = e.practitioner_id and l.currency = e.currency
        where coalesce(e.debt, 0) <> -coalesce(l.balance, 0)
    """,
    "no debt beside available money": f"""
        select a.owner_id, a.currency,
            sum(m.amount) filter (where a.kind = 'seller_available') as available,
            -sum(m.amount) filter (where a.kind = 'seller_debt') as debt
        from payments.ledger_accounts a
        join ({MOVEMENTS}) m on m.account_id = a.id
        where a.kind in ('seller_available', 'seller_debt')
        group by a.owner_id, a.currency
        having sum(m.amount) filter (where a.kind = 'seller_available') > 0
            and sum(m.amount) filter (where a.kind = 'seller_debt') < 0
    """,
}

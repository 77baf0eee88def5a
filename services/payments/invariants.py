"""What must always hold in payments: each statement returns the rows that break its promise, so none.

Rows younger than 60 seconds are judged only when they are final. Amounts are minor units.
"""

from services.payments.reconciliation.invariants import AT_STRIPE
from shared.records.currencies import known, step

STEPS = " ".join(f"when '{code}' then {step(code)}" for code in sorted(known()) if step(code) > 1)
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
                'order_escrow', 'platform_revenue', 'refunds_owed', 'paid_outside')
            and sum(case when t.credit_id = a.id then t.amount else -t.amount end) < 0)
            or (a.kind = 'seller_debt' and sum(case when t.credit_id = a.id then t.amount else -t.amount end) > 0)
    """,
    "transfers join accounts of their currency": """
        select t.id, t.currency, d.currency as debit, c.currency as credit
        from payments.ledger_transfers t
        join payments.ledger_accounts d on d.id = t.debit_id
        join payments.ledger_accounts c on c.id = t.credit_id
        where t.currency <> d.currency or t.currency <> c.currency
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
              <> case when o.status = 'paid' and o.kind = 'booking' then o.credits_applied else 0 end
    """,
    "every accrued order is split without rest": """
        select o.id, o.total, e.stands, e.taken, r.refunded
        from payments.orders o
        join (
            select order_id, sum(net + commission - owed - owed_commission) as stands,
                sum(reversed_net + reversed_commission + owed + owed_commission) as taken
            from payments.earnings group by order_id
        ) e on e.order_id = o.id
        left join (
            select order_id, sum(card - settles + credits) as refunded from payments.refunds group by order_id
        ) r on r.order_id = o.id
        where e.stands + e.taken <> o.total or e.taken <> coalesce(r.refunded, 0)
    """,
    "escrow holds what is neither earned nor refunded": """
        select x.order_id, x.rest
        from (
            select t.ref ->> 'order_id' as order_id,
                sum(case when c.kind = 'order_escrow' then t.amount else -t.amount end) as rest
            from payments.ledger_transfers t
            join payments.ledger_accounts d on d.id = t.debit_id
            join payments.ledger_accounts c on c.id = t.credit_id
            where 'order_escrow' in (d.kind, c.kind)
            group by t.ref ->> 'order_id'
        ) x
        left join (select distinct order_id from payments.earnings) e on e.order_id::text = x.order_id
        where x.rest < 0 or (x.rest <> 0 and (x.order_id is null or e.order_id is not null))
    """,
    "commission is the frozen rate of what stands": f"""
        select e.order_id, e.commission, e.gross, e.rate
        from (
            select order_id, sum(commission - owed_commission) as commission,
                sum(net + commission - owed - owed_commission) as gross, max(commission_rate) as rate,
                max(currency) as currency
            from payments.earnings group by order_id
        ) e
        where abs(e.commission - e.gross * e.rate) > case e.currency {STEPS} else 1 end
    """,
    "revenue equals the commission that stands": """
        select e.order_id, e.commission, l.revenue
        from (
            select order_id, sum(commission - owed_commission) as commission from payments.earnings group by order_id
        ) e
        full join (
            select t.ref ->> 'order_id' as order_id,
                sum(case when c.kind = 'platform_revenue' then t.amount else -t.amount end) as revenue
            from payments.ledger_transfers t
            join payments.ledger_accounts d on d.id = t.debit_id
            join payments.ledger_accounts c on c.id = t.credit_id
            where 'platform_revenue' in (d.kind, c.kind)
            group by t.ref ->> 'order_id'
        ) l on l.order_id = e.order_id::text
        where coalesce(e.commission, 0) <> coalesce(l.revenue, 0)
    """,
    "earnings equal the sellers accounts": """
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
            join (
                select credit_id as account_id, amount from payments.ledger_transfers
                union all
                select debit_id, -amount from payments.ledger_transfers
            ) m on m.account_id = a.id
            where a.kind in ('seller_pending', 'seller_available', 'seller_in_payout')
            group by a.owner_id, a.currency
        ) l on l.owner_id = e.practitioner_id and l.currency = e.currency
        where coalesce(e.pending, 0) <> coalesce(l.pending, 0)
           or coalesce(e.available, 0) <> coalesce(l.available, 0)
           or coalesce(e.in_payout, 0) <> coalesce(l.in_payout, 0)
    """,
    "debt is what was refunded too late less what repaid it": """
        select coalesce(e.practitioner_id, l.owner_id) as practitioner_id, e.debt, l.debt as posted
        from (
            select practitioner_id, currency, sum(owed) - sum(repaid) as debt
            from payments.earnings group by practitioner_id, currency
        ) e
        full join (
            select a.owner_id, a.currency, sum(case when t.debit_id = a.id then t.amount else -t.amount end) as debt
            from payments.ledger_accounts a
            join payments.ledger_transfers t on a.id in (t.debit_id, t.credit_id)
            where a.kind = 'seller_debt'
            group by a.owner_id, a.currency
        ) l on l.owner_id = e.practitioner_id and l.currency = e.currency
        where coalesce(e.debt, 0) <> coalesce(l.debt, 0)
    """,
    "no debt beside available money": """
        select a.owner_id, a.currency,
            sum(m.amount) filter (where a.kind = 'seller_available') as available,
            -sum(m.amount) filter (where a.kind = 'seller_debt') as debt
        from payments.ledger_accounts a
        join (
            select credit_id as account_id, amount from payments.ledger_transfers
            union all
            select debit_id, -amount from payments.ledger_transfers
        ) m on m.account_id = a.id
        where a.kind in ('seller_available', 'seller_debt')
        group by a.owner_id, a.currency
        having sum(m.amount) filter (where a.kind = 'seller_available') > 0
            and sum(m.amount) filter (where a.kind = 'seller_debt') < 0
    """,
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
    "credits of refunds came back": """
        select r.order_id, r.credits, u.restored
        from (select order_id, sum(credits) as credits from payments.refunds group by order_id) r
        full join (select order_id, sum(restored) as restored from payments.credit_uses group by order_id) u
            on u.order_id = r.order_id
        where coalesce(r.credits, 0) <> coalesce(u.restored, 0)
    """,
    "failed refunds are owed to their clients": """
        select coalesce(r.client_id, l.owner_id) as client_id, r.owed, l.balance
        from (
            select o.client_id, o.currency,
                sum(case when r.status = 'failed' then r.card else 0 end - r.settles) as owed
            from payments.refunds r join payments.orders o on o.id = r.order_id
            group by o.client_id, o.currency
        ) r
        full join (
            select a.owner_id, a.currency, sum(case when t.credit_id = a.id then t.amount else -t.amount end) as balance
            from payments.ledger_accounts a
            join payments.ledger_transfers t on a.id in (t.debit_id, t.credit_id)
            where a.kind = 'refunds_owed'
            group by a.owner_id, a.currency
        ) l on l.owner_id = r.client_id and l.currency = r.currency
        where coalesce(r.owed, 0) <> coalesce(l.balance, 0)
    """,
    "refunds are carried out": """
        select id, order_id, card, attempt, error
        from payments.refunds
        where status = 'pending' and (next_try_at is null or tries > 20)
    """,
    "what a dispute or another cause holds does not leave": """
        select e.id, e.order_id, e.status, h.held, p.status as payout
        from payments.earnings e
        cross join lateral (
            select exists (select from payments.earning_holds h where h.earning_id = e.id) as held,
                exists (
                    select from payments.chargebacks c
                    where c.order_id = e.order_id and c.status in ('needs_response', 'under_review', 'lost')
                ) as disputed
        ) h
        left join payments.payouts p on p.id = e.payout_id
        where (e.status = 'held' and not h.held)
           or (h.held or h.disputed) and (e.status = 'pending' or p.status = 'eligible'
                or (e.status = 'available' and e.net > e.repaid))
    """,
    "payouts equal their entries": """
        select p.id, p.status, p.amount, sum(e.net) as entries
        from payments.payouts p
        left join payments.earnings e on e.payout_id = p.id
        group by p.id
        having coalesce(sum(e.net), 0) <> case when p.status in ('rejected', 'failed') then 0 else p.amount end
            or count(*) filter (where e.status <> case when p.paid_at is null then 'in_payout' else 'paid' end) > 0
    """,
    "payouts have what their status says": """
        select id, status, transfer_id, bank_payout_id, reversal_id, next_try_at
        from payments.payouts
        where (status = 'paid' and paid_at is null)
           or (status = 'paid' and reference is null and (transfer_id is null or bank_payout_id is null))
           or (status = 'processing' and (approved_at is null or next_try_at is null))
           or (status = 'needs_attention' and (approved_at is null or next_try_at is not null))
           or (status in ('eligible', 'rejected') and transfer_id is not null)
           or (status = 'failed' and transfer_id is not null and reversal_id is null)
    """,
    "what refunds take back of transfers is posted, and comes before the bank payout": """
        select r.id, r.payout_id, r.amount, r.reversal_id, p.status, l.posted
        from payments.payout_reductions r
        join payments.payouts p on p.id = r.payout_id
        left join (
            select ref ->> 'reduction_id' as id, sum(amount) as posted
            from payments.ledger_transfers where reason = 'payout_reduced' group by 1
        ) l on l.id = r.id::text
        where coalesce(l.posted, 0) <> case when r.reversal_id is null then 0 else r.amount end
           or (r.ended_at is null and (p.status not in ('processing', 'needs_attention') or exists (
                select from payments.provider_calls c where c.purpose = 'bank_payout' and c.subject_id = p.id
                    and not (c.outcome = 'refused' and c.superseded))))
    """,
    "payouts whose calls fail for a day need attention": """
        select id, status, failing_since, tries
        from payments.payouts
        where status in ('processing', 'paid') and failing_since < now() - interval '1 day 2 hours'
    """,
    "transferred money is posted": """
        select a.currency, sum(case when t.debit_id = a.id then t.amount else -t.amount end) as posted, p.amount
        from payments.ledger_accounts a
        join payments.ledger_transfers t on a.id in (t.debit_id, t.credit_id)
        left join (
            select currency, sum(amount) as amount from payments.payouts
            where status in ('processing', 'needs_attention') and transfer_id is not null and paid_at is null
            group by currency
        ) p on p.currency = a.currency
        where a.kind = 'connected_clearing'
        group by a.currency, p.amount
        having sum(case when t.debit_id = a.id then t.amount else -t.amount end) <> coalesce(p.amount, 0)
    """,
    "credits grants equal the clients accounts": """
        select coalesce(g.user_id, l.owner_id) as user_id, g.remaining, l.balance
        from (
            select user_id, currency, sum(remaining) as remaining from payments.credit_grants group by user_id, currency
        ) g
        full join (
            select a.owner_id, a.currency, sum(case when t.credit_id = a.id then t.amount else -t.amount end) as balance
            from payments.ledger_accounts a
            join payments.ledger_transfers t on a.id in (t.debit_id, t.credit_id)
            where a.kind = 'client_credits'
            group by a.owner_id, a.currency
        ) l on l.owner_id = g.user_id and l.currency = g.currency
        where coalesce(g.remaining, 0) <> coalesce(l.balance, 0)
    """,
    "held credits equal the clients held accounts": """
        select coalesce(u.user_id, l.owner_id) as user_id, u.held, l.balance
        from (
            select user_id, currency, sum(amount) as held
            from payments.credit_uses where state = 'held' group by user_id, currency
        ) u
        full join (
            select a.owner_id, a.currency, sum(case when t.credit_id = a.id then t.amount else -t.amount end) as balance
            from payments.ledger_accounts a
            join payments.ledger_transfers t on a.id in (t.debit_id, t.credit_id)
            where a.kind = 'credits_held'
            group by a.owner_id, a.currency
        ) l on l.owner_id = u.user_id and l.currency = u.currency
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
    "no closed order holds credits": """
        select u.id, u.order_id, o.status
        from payments.credit_uses u
        join payments.orders o on o.id = u.order_id
        where u.state = 'held' and o.status <> 'open'
    """,
    "no call to Stripe stays unknown for an hour": """
        select purpose, subject_id, attempt, first_sent_at, detail
        from payments.provider_calls
        where outcome = 'unknown' and first_sent_at < now() - interval '1 hour'
    """,
    "no event is parked": """
        select seq, type, key, error from payments.parked
    """,
    "no webhook is a dead letter": """
        select id, type, object_id, error from payments.stripe_events where state = 'dead'
    """,
    **AT_STRIPE,
}

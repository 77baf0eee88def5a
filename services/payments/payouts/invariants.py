"""What must always hold of payouts. Each statement returns the rows that break its promise."""

INVARIANTS: dict[str, str] = {
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
           or (status in ('eligible', 'rejected') and (transfer_id is not null or next_try_at is not null))
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
        select id, status, failing_since, tries, last_error
        from payments.payouts
        where status in ('processing', 'paid') and failing_since < now() - interval '1 day 2 hours'
    """,
    "a payout that waits after a try, or for staff, says why": """
        select id, status, tries from payments.payouts
        where last_error is null
          and (status = 'needs_attention' or tries > 0 and (next_try_at is not null or status = 'eligible'))
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
}

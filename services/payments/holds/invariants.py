"""What must always hold of holds. Each statement returns the rows that break its promise."""

INVARIANTS: dict[str, str] = {
    "no earning is available, or leaves, with an open hold": """
        select e.id, e.line_id, e.status, p.status as payout
        from payments.earnings e
        left join payments.payouts p on p.id = e.payout_id
        where exists (select from payments.earning_holds h where h.line_id = e.line_id and h.ended_at is null)
          and (e.status = 'pending' or p.status = 'eligible'
                or (e.status = 'available' and e.net > e.repaid)
                or (p.status in ('processing', 'needs_attention') and p.transfer_id is null and not exists (
                    select from payments.provider_calls c where c.purpose = 'transfer' and c.subject_id = p.id
                        and c.outcome <> 'refused')))
    """,
    "what is held has an open hold": """
        select e.id, e.line_id
        from payments.earnings e
        where e.status = 'held'
          and not exists (select from payments.earning_holds h where h.line_id = e.line_id and h.ended_at is null)
    """,
    "a dispute holds every line, and what its sessions paid, while the bank has the money, and no longer": """
        select coalesce(d.id, h.cause_id) as dispute, d.line_id, h.line_id as held
        from (
            select c.id, l.id as line_id
            from payments.chargebacks c
            join (
                select id, order_id as bill from payments.order_lines
                union all
                select used.id, g.order_id from payments.membership_grants g
                join payments.membership_uses u on u.grant_id = g.id
                join payments.order_lines used on used.order_id = u.order_id
            ) l on l.bill = c.order_id
            where c.status in ('needs_response', 'under_review', 'lost')
        ) d
        full join (
            select h.cause_id, h.line_id
            from payments.earning_holds h join payments.chargebacks c on c.id = h.cause_id
            where h.ended_at is null
        ) h on h.cause_id = d.id and h.line_id = d.line_id
        where d.id is null or h.line_id is null
    """,
    "what has ended for its service holds nothing": """
        select s.cause_id, s.cause, h.id
        from payments.service_holds s
        join (
            select id, cause, cause_id from payments.earning_holds where ended_at is null
            union all
            select id, cause, cause_id from payments.payout_holds where ended_at is null
        ) h on h.cause_id = s.cause_id::text and h.cause = s.cause
        where s.ended_at is not null
    """,
}

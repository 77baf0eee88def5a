"""What must always hold of subscriptions. Each statement returns the rows that break its promise."""

INVARIANTS: dict[str, str] = {
    "a period is paid where its bill is": """
        select p.subscription_id, p.number, p.status, o.status as bill
        from payments.periods p left join payments.orders o on o.id = p.order_id
        where (p.status = 'paid') <> coalesce(o.status = 'paid', false)
           or (p.status = 'closed' and o.status = 'open')
           or (p.status <> 'closed' and o.status = 'paid_late')
    """,
    "periods follow each other, all but the last are paid, and a pause has its length": """
        select p.subscription_id, p.number
        from payments.periods p
        join payments.subscriptions s on s.id = p.subscription_id
        left join payments.periods before
            on before.subscription_id = p.subscription_id and before.number = p.number - 1
        where p.number > 1 and (
            before.status is distinct from 'paid' or before.end_at > p.start_at
            or before.end_at < p.start_at - case s.kind when 'platform' then interval '0' else interval '181 days' end
        )
    """,
    "a subscription gives access as its periods say": """
        select s.id, s.status, s.access_until
        from payments.subscriptions s
        left join payments.periods p on p.subscription_id = s.id and p.number = s.number
        left join payments.periods unpaid on unpaid.subscription_id = s.id and unpaid.status = 'open'
        where case s.status
            when 'incomplete' then s.access_until is distinct from coalesce(p.end_at, s.trial_until)
            when 'trialing' then s.access_until is distinct from coalesce(
                s.cancel_at, case when s.paused_until is null then interval '1 hour' else interval '0' end
                    + s.trial_until
            )
            when 'active' then s.access_until is distinct from coalesce(
                s.cancel_at, case when s.paused_until is null then interval '1 hour' else interval '0' end + p.end_at
            )
            when 'paused' then s.access_until is distinct from coalesce(p.end_at, s.trial_until)
            when 'past_due' then s.access_until is null or unpaid.number is null
                or s.access_until < unpaid.start_at + interval '1 day' or s.retry_at > s.access_until
            else s.access_until > case when s.end_reason = 'chargeback'
                then greatest(s.ended_at, s.current_period_end) else s.ended_at end
        end
    """,
    "periods are counted from the anchor": """
        select s.id, s.anchor, s.number, s.before_anchor, p.end_at from payments.subscriptions s
        join payments.periods p on p.subscription_id = s.id and p.number = s.number
        where s.number > s.before_anchor and p.end_at <> ((s.anchor at time zone 'UTC') + make_interval(
            months => (s.number - s.before_anchor) * case s.interval when 'year' then 12 else 1 end
        )) at time zone 'UTC'
    """,
    "a change of plan is in force where its bill is paid": """
        select c.id, c.status, c.due, o.status as bill, o.total
        from payments.plan_changes c left join payments.orders o on o.id = c.order_id
        where c.order_id is not null and (
            (c.status = 'applied') <> coalesce(o.status = 'paid', false)
            or (c.status = 'dropped' and o.status in ('open', 'authorized'))
            or o.kind <> 'tombstone' and o.total <> c.due
        )
    """,
    "a subscription has the terms of its last change": """
        select s.id, s.plan_id, s.interval, s.amount, c.id as change
        from payments.subscriptions s
        cross join lateral (
            select * from payments.plan_changes where subscription_id = s.id and status = 'applied'
            order by created_at desc, id desc limit 1
        ) c
        where (s.plan_id, s.interval, s.amount) is distinct from (c.plan_id, c.interval, c.amount)
    """,
    "changes wait only for what goes on": """
        select c.id, s.status from payments.plan_changes c join payments.subscriptions s on s.id = c.subscription_id
        where c.status = 'pending' and s.status in ('incomplete', 'trialing', 'past_due', 'ended')
    """,
    "subscriptions that have ended owe nothing": """
        select s.id, p.number from payments.subscriptions s
        join payments.periods p on p.subscription_id = s.id and p.status = 'open'
        where s.status = 'ended'
    """,
}

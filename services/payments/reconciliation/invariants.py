"""Ours beside what Stripe's lists said at the last look; what was touched since is judged after the next one.

A look that does not end would let them hold for ever: that is one of them.
"""

INVARIANTS: dict[str, str] = {
    "transfers at Stripe equal ours by id": """
        select coalesce(p.transfer_id, r.id) as id, p.id as payout_id, p.status, p.left_there, r.amount, r.returned
        from (
            select p.id, p.transfer_id, p.status, coalesce(c.sent_at, p.approved_at) as touched_at,
                case when p.reversal_id is null then p.amount else 0 end as left_there
            from payments.payouts p
            left join (
                select coalesce(d.payout_id, c.subject_id) as payout_id, max(c.last_sent_at) as sent_at
                from payments.provider_calls c left join payments.payout_reductions d on d.id = c.subject_id
                group by 1
            ) c on c.payout_id = p.id
            where p.transfer_id is not null
        ) p
        full join (select * from payments.stripe_records where kind = 'transfer') r on r.id = p.transfer_id
        join payments.stripe_list_reads l on l.kind = 'transfer'
        cross join payments.install i
        where case
            -- Not ours, unless it is the one whose answer a payout still waits for.
            when p.id is null then r.amount > r.returned and r.created_at >= date_trunc('second', i.started_at)
                and not exists (
                select from payments.payouts w
                where w.id::text = r.our_id and w.transfer_id is null and w.status in ('processing', 'needs_attention')
            )
            when r.id is null then p.touched_at < l.read_until
            else p.left_there <> r.amount - r.returned and p.touched_at < r.seen_at
        end
    """,
    "refunds at Stripe equal ours by id": """
        select coalesce(f.stripe_refund_id, r.id) as id, f.id as refund_id, f.card, f.status, r.amount,
            r.status as there
        from (
            select f.id, f.stripe_refund_id, f.card, f.status, coalesce(c.sent_at, f.created_at) as touched_at
            from payments.refunds f
            left join (
                select subject_id, max(last_sent_at) as sent_at from payments.provider_calls group by subject_id
            ) c on c.subject_id = f.id
            where f.stripe_refund_id is not null
        ) f
        full join (select * from payments.stripe_records where kind = 'refund') r on r.id = f.stripe_refund_id
        join payments.stripe_list_reads l on l.kind = 'refund'
        cross join payments.install i
        where case
            -- One made in Stripe's dashboard is booked by its webhook; payments of others are not ours to know.
            when f.id is null then r.status not in ('failed', 'canceled')
                and r.created_at >= date_trunc('second', i.started_at)
                and r.found_at < now() - interval '1 hour'
                -- Of an order that was not paid: what was authorised and given back.
                and exists (
                    select from payments.orders o
                    where o.intent_id = r.refers_to and o.status in ('paid', 'paid_late')
                )
                -- Ours has no id of Stripe's yet, or is what was not captured, and Stripe's event was not heard of.
                and not exists (
                    select from payments.refunds w join payments.orders o on o.id = w.order_id
                    where w.stripe_refund_id is null and (w.id::text = r.our_id
                        or (o.intent_id = r.refers_to and w.status = 'succeeded' and w.card = r.amount))
                )
            when r.id is null then f.touched_at < l.read_until
            else f.card <> r.amount or (r.status in ('failed', 'canceled') and f.status = 'succeeded'
                and r.seen_at < now() - interval '1 hour')
        end
    """,
    "a look at a list of Stripe's ends within a day": """
        select kind, since, began_at, cursor
        from payments.stripe_list_reads where began_at < now() - interval '1 day'
    """,
}

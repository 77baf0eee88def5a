"""What must always hold of memberships. Each statement returns the rows that break its promise."""

INVARIANTS: dict[str, str] = {
    "a paid bill of a membership has granted once what it pays for, no other bill has": """
        select coalesce(p.order_id, g.order_id) as order_id, g.id
        from (
            select p.subscription_id, p.number, p.order_id, p.start_at, p.end_at from payments.periods p
            where p.status = 'paid'
            union
            select c.subscription_id, c.number, c.order_id, c.at, p.end_at from payments.plan_changes c
            join payments.periods p on (p.subscription_id, p.number) = (c.subscription_id, c.number)
            where c.status = 'applied' and c.order_id is not null
                and not exists (select from payments.periods begun where begun.order_id = c.order_id)
        ) p
        join payments.subscriptions s on s.id = p.subscription_id and s.kind = 'membership'
        full join payments.membership_grants g on g.order_id = p.order_id
        where g.id is null or p.order_id is null or g.end_at < p.end_at
            or (g.subscription_id, g.number, g.start_at) is distinct from (p.subscription_id, p.number, p.start_at)
    """,
    "credits of memberships are what their grants say": """
        select coalesce(g.id, c.id) as id, g.credits, c.amount
        from (select * from payments.membership_grants where credits > 0) g
        full join (select * from payments.credit_grants where source = 'membership') c
            on (c.id, c.user_id, c.currency, c.order_id) = (g.id, g.user_id, g.currency, g.order_id)
        where c.amount is distinct from g.credits
    """,
    "credits of memberships are posted as costs": """
        select coalesce(c.id::text, t.grant_id) as id, c.amount, t.given
        from (select * from payments.credit_grants where source = 'membership') c
        full join (
            select t.ref ->> 'grant_id' as grant_id, sum(t.amount) as given
            from payments.ledger_transfers t
            join payments.ledger_accounts d on d.id = t.debit_id
            join payments.ledger_accounts a on a.id = t.credit_id
            where d.kind = 'promotion_costs' and a.kind = 'client_credits'
            group by 1
        ) t on t.grant_id = c.id::text
        where c.amount is distinct from t.given
    """,
    "sessions of memberships are used once, by orders that they paid": """
        select g.id, g.used, u.used as by_orders from payments.membership_grants g
        left join (
            select grant_id, count(*) filter (where returned_at is null) as used
            from payments.membership_uses group by grant_id
        ) u on u.grant_id = g.id
        where g.used <> coalesce(u.used, 0)
    """,
    "a session of a membership pays the whole price of one paid order of its member": """
        select coalesce(o.id, u.order_id) as order_id, o.status, o.discount, u.amount, g.session_value
        from payments.membership_uses u
        join payments.membership_grants g on g.id = u.grant_id
        left join payments.orders o on o.id = u.order_id
        where o.status is distinct from 'paid' or o.total <> 0 or o.client_id <> g.user_id
           or (o.discount, o.currency) is distinct from (u.amount, g.currency)
           or u.amount > g.session_value or u.created_at < g.start_at or u.created_at >= g.end_at
           or (select sum(l.unfunded) from payments.order_lines l where l.order_id = o.id)
              <> case when u.returned_at is null then 0 else u.amount end
    """,
    "what the platform pays of prices is what memberships pay": """
        select l.order_id, l.funded, u.amount
        from (select order_id, sum(funded) as funded from payments.order_lines group by 1 having sum(funded) > 0) l
        full join payments.membership_uses u on u.order_id = l.order_id
        where l.funded is distinct from u.amount
    """,
    "what is taken back of a membership is not there to be spent": """
        select g.id, c.remaining, c.expires_at from payments.membership_grants g
        join payments.credit_grants c on c.id = g.id
        where c.expires_at > g.taken_back_at
    """,
}

"""What must hold between services: each rule compares, by id, what two services say through their own connections."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Values = Mapping[str, str]
UUID_FORM = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Side:
    """What one service says: SQL with the columns `id` and `fact`."""

    schema: str
    sql: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A named rule; `broken(left, right)` gives what breaks it, by id."""

    name: str
    left: Side
    right: Side
    broken: Callable[[Values, Values], dict[str, str]]


def all_have(left: Values, right: Values) -> dict[str, str]:
    """Every id of the left is on the right, with the same fact."""
    return {key: f"{fact} / {right.get(key)}" for key, fact in left.items() if right.get(key) != fact}


def equal(left: Values, right: Values) -> dict[str, str]:
    """Both sides have the same ids with the same facts."""
    return all_have(left, right) | all_have(right, left)


def one_of(left: Values, right: Values) -> dict[str, str]:
    """Every id of the left is on the right, with one of the facts that are named there, separated by ` or `."""
    return {
        key: f"{fact} / {right.get(key)}" for key, fact in left.items() if fact not in right.get(key, "").split(" or ")
    }


def overdue(left: Values, right: Values) -> dict[str, str]:
    """Each id of the left has a moment (epoch seconds) that is at most a minute before the one moment of the right."""
    now = float(right["now"])
    return {key: f"{fact} / {now}" for key, fact in left.items() if float(fact) < now - GRACE_SECONDS}


def ids_in(text: str) -> set[str]:
    """Every UUID in the text."""
    return set(UUID_FORM.findall(text))


GRACE_SECONDS = 60
LIVE = "('confirmed', 'in_progress', 'completed', 'no_show')"
STRIPE_CHARGES = """select data->>'payment_intent' as id, data->>'amount' as fact from sandbox.objects
    where kind = 'charge' and data->>'status' = 'succeeded' and data->>'payment_intent' is not null
        and coalesce(data->>'captured', 'true') = 'true'"""
# What was authorised and given back is a refund at Stripe, of a charge that took nothing.
STRIPE_REFUNDS = """select r.id, r.data->>'amount' as fact from sandbox.objects r
    where r.kind = 'refund' and r.data->>'status' not in ('failed', 'canceled')
        and r.data->>'payment_intent' is not null
        and not exists (select from sandbox.objects c
            where c.kind = 'charge' and c.id = r.data->>'charge' and c.data->>'captured' = 'false')"""
BUSINESS_NOW = Side(
    "sandbox",
    """select 'now' as id, extract(epoch from now()) + coalesce((select cast(value #>> '{}' as numeric)
        from sandbox.settings where name = 'clock_offset'), 0) as fact""",
)

RULES: tuple[Rule, ...] = (
    Rule(
        "every confirmed booking has a paid order of its price",
        Side(
            "booking",
            f"""select order_id as id, total_amount || ' of ' || coalesce(value_amount, total_amount) as fact
                from booking.bookings where status in {LIVE} and purchase_id = id and pass_id is null""",
        ),
        Side(
            "payments",
            "select id, total || ' of ' || total + discount as fact from payments.orders where status = 'paid'",
        ),
        all_have,
    ),
    Rule(
        "what was paid for a booking that is not on was paid back",
        Side(
            "payments",
            """select coalesce(o.booking_id, o.subject_id) as id, 'on' as fact from payments.orders o
                left join payments.refunds r on r.order_id = o.id
                where o.kind = 'booking' and o.status in ('paid', 'paid_late')
                group by o.id having coalesce(sum(r.card + r.credits), 0)
                    < case o.status when 'paid' then o.total else o.amount_due end""",
        ),
        # A cancelled booking keeps what its policy kept: that is judged beside its refund below.
        Side(
            "booking", f"select id, 'on' as fact from booking.bookings where status in {LIVE} or status = 'cancelled'"
        ),
        all_have,
    ),
    Rule(
        "every cancellation was refunded by payments as booking was told",
        Side(
            "booking",
            """select id, sum(card_amount) || ' + ' || sum(credits_amount) as fact from booking.refunds
                group by id having sum(card_amount + credits_amount) > 0""",
        ),
        # The card's part of one that failed is owed again; booking hears so, unless another refund settles it at once.
        Side(
            "payments",
            """select id, card || ' + ' || credits || case status when 'failed' then ' or 0 + ' || credits else '' end
                as fact from payments.refunds""",
        ),
        one_of,
    ),
    Rule(
        "every confirmed booking that cost something has earned",
        Side(
            "booking",
            f"""select id, 'earned' as fact from booking.bookings
                where status in {LIVE} and coalesce(value_amount, total_amount) > 0 and pass_id is null
                    and (kind = 'single' or parent_id is not null)""",
        ),
        Side("payments", "select distinct booking_id as id, 'earned' as fact from payments.earnings"),
        all_have,
    ),
    Rule(
        "every practitioner's role comes from an approval",
        Side(
            "identity",
            "select practitioner_id as id, id::text as fact from identity.users where practitioner_id is not null",
        ),
        Side(
            "catalog",
            "select id, user_id::text as fact from catalog.practitioners where status = 'approved'",
        ),
        all_have,
    ),
    Rule(
        "every stream belongs to a practitioner",
        Side("streams", "select practitioner_id as id, owner_id::text as fact from streams.streams group by 1, 2"),
        Side("catalog", "select id, user_id::text as fact from catalog.practitioners"),
        all_have,
    ),
    Rule(
        "every paid tier is a plan, once payments has heard of it",
        Side(
            "streams",
            """select stream_id || '-' || level as id, name || ' for ' || price_amount as fact from streams.tiers t
                join streams.streams s on s.id = t.stream_id
                where level > 0 and not exists (select from streams.plan_updates u
                    where u.stream_id = t.stream_id and u.level = t.level)
                    and s.owner_id not in (select user_id from streams.deactivated_users)""",
        ),
        Side(
            "payments",
            """select stream_id || '-' || level as id, name || ' for ' || amount as fact from payments.plans
                join payments.plan_prices on plan_id = id where stream_id is not null and is_active""",
        ),
        all_have,
    ),
    Rule(
        "streams opens to fans what payments gives them",
        Side(
            "payments",
            """select id, plan->>'level' || ' until ' || extract(epoch from access_until) as fact
                from payments.subscriptions
                where kind = 'stream_tier' and status not in ('incomplete', 'ended')""",
        ),
        Side(
            "streams",
            "select id, level || ' until ' || extract(epoch from access_until) as fact from streams.fan_subscriptions",
        ),
        all_have,
    ),
    Rule(
        "notifications knows every confirmed booking",
        Side("booking", f"select id, start_version as fact from booking.bookings where status in {LIVE}"),
        Side("notifications", "select id, start_version as fact from notifications.bookings"),
        all_have,
    ),
    Rule(
        "searches see the openings that booking published",
        Side(
            "booking",
            f"""select service_id as id, step_minutes || ' ' || md5(starts::text) as fact from booking.openings
                where changed_at < now() - interval '{GRACE_SECONDS} seconds'""",
        ),
        Side(
            "catalog", "select service_id as id, step_minutes || ' ' || md5(starts::text) as fact from catalog.openings"
        ),
        all_have,
    ),
    Rule(
        "no open order is past its expiry at business time",
        Side(
            "payments",
            "select id, extract(epoch from expires_at) as fact from payments.orders where status = 'open'",
        ),
        BUSINESS_NOW,
        overdue,
    ),
    Rule(
        "payouts whose calls fail for a day of business time need attention",
        Side(
            "payments",
            """select id, extract(epoch from failing_since + interval '1 day 2 hours') as fact from payments.payouts
                where status in ('processing', 'paid') and failing_since is not null""",
        ),
        BUSINESS_NOW,
        overdue,
    ),
    Rule(
        "the ledger's card payments equal Stripe's charges",
        Side(
            "payments",
            """select intent_id as id, amount_due as fact from payments.orders
                where status in ('paid', 'paid_late') and amount_due > 0""",
        ),
        Side("sandbox", STRIPE_CHARGES),
        equal,
    ),
    Rule(
        "the ledger's card refunds equal Stripe's refunds",
        Side(
            "payments",
            """select stripe_refund_id as id, card as fact from payments.refunds
                where stripe_refund_id is not null and status <> 'failed'""",
        ),
        Side("sandbox", STRIPE_REFUNDS),
        equal,
    ),
    Rule(
        "the ledger's payouts equal Stripe's transfers",
        Side(
            "payments",
            """select transfer_id as id, amount as fact from payments.payouts
                where transfer_id is not null and status in ('processing', 'needs_attention', 'paid')""",
        ),
        Side(
            "sandbox",
            """select id, left_there as fact from sandbox.objects, lateral (select (data->>'amount')::bigint
                    - coalesce((data->>'amount_reversed')::bigint, 0) as left_there) l
                where kind = 'transfer' and left_there > 0""",
        ),
        equal,
    ),
)

"""The words of every notice and mail. Each recipient reads times in their own zone, with the zone named."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from string import Template
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.records.currencies import decimals
from shared.records.money import Money

Params = Mapping[str, str]
"""What a text tells: names to values. Times are ISO 8601 in UTC until they are rendered."""

ZONE = "zone"
"""The fact that names the IANA zone for a recipient who has not named their own."""
TIMES = frozenset({"start", "previous_start"})
OPTIONAL = {"why": "", "practitioner": "the practitioner", "client": "a client"}
"""What the texts say where a fact is missing: texts that wait have the facts of their day, and people may be gone."""
TENSES = {"is": ("is", "was"), "starts": ("starts", "started")}
"""Verbs about a booking: before its start, and from the start on."""
DETAILS = {"length": "Length", "price": "Price", "where": "Where"}
"""The facts that a text lists as `$details`, each on a line of its own, where they are known."""


@dataclass(frozen=True)
class RenderedText:
    """A title (a mail's subject) and a body, with `$name` for each fact."""

    title: str
    body: str


@dataclass(frozen=True)
class Email:
    """A mail's subject and plain text, ready to send."""

    subject: str
    text: str


def render(template: str, facts: Params, timezone: str, now: datetime) -> RenderedText:
    """That template with its facts, times in that IANA zone (UTC where it is unknown), as it is true at `now`."""
    words, zone = TEXTS[template], zone_of(timezone)
    values = OPTIONAL | _tenses(facts.get("start"), now)
    values |= {name: in_zone(value, zone) if name in TIMES else value for name, value in facts.items()}
    values["details"] = "\n".join(f"{label}: {facts[name]}" for name, label in DETAILS.items() if name in facts)
    title = " ".join(Template(words.title).substitute(values).split())
    return RenderedText(title, Template(words.body).substitute(values).strip())


def _tenses(start: str | None, now: datetime) -> dict[str, str]:
    begun = start is not None and datetime.fromisoformat(start) <= now
    return {name: after if begun else before for name, (before, after) in TENSES.items()}


def letter(template: str, facts: Params, first_name: str, timezone: str, now: datetime) -> Email:
    """The same words as a mail."""
    words = render(template, facts, timezone, now)
    return Email(words.title, f"Hello {first_name},\n\n{words.body}\n\n{SIGNATURE}\n")


def names_in(template: str) -> set[str]:
    """Which of the sides that template names."""
    return {"client", "practitioner"} & {*Template(TEXTS[template].body).get_identifiers()}


def zone_of(name: str) -> tzinfo:
    """The IANA zone, or UTC where the name is not one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def in_zone(moment: str, zone: tzinfo) -> str:
    """`Monday 7 December 2026, 09:00 (Europe/Berlin)`; an hour that comes twice also names its offset from UTC."""
    local = datetime.fromisoformat(moment).astimezone(zone)
    comes_twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    named = f"{zone}, {_offset(local)}" if comes_twice else f"{zone}"
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M} ({named})"


def _offset(local: datetime) -> str:
    """`UTC+02:00`."""
    offset = f"{local:%z}"
    return f"UTC{offset[:3]}:{offset[3:5]}"


def remaining(span: timedelta) -> str:
    """`24 hours`, `30 minutes`: rounded, as people say it."""
    minutes = max(1, round(span.total_seconds() / 60))
    count, unit = (minutes, "minute") if minutes < 90 else (round(minutes / 60), "hour")
    return f"{count} {unit}{'' if count == 1 else 's'}"


def length(span: timedelta) -> str:
    """`1 hour 30 minutes`: exact, as a session's length is."""
    hours, minutes = divmod(round(span.total_seconds() / 60), 60)
    parts = [(hours, "hour"), (minutes, "minute")]
    return " ".join(f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count)


def money(value: Money) -> str:
    """`125.00 USD`, or `500 JPY` for a currency without minor units."""
    places = decimals(value.currency)
    if places == 0:
        return f"{value.amount} {value.currency}"
    whole, part = divmod(value.amount, 10**places)
    return f"{whole}.{part:0{places}d} {value.currency}"


def refund(card: Money, credits: Money) -> str:
    """`30.00 USD to the card and 10.00 USD as credits`; `nothing` where nothing goes back."""
    parts = [f"{money(card)} to the card"] if card else []
    parts += [f"{money(credits)} as credits"] if credits else []
    return " and ".join(parts) or "nothing"


SIGNATURE = "Estuary\nYou choose what reaches you by mail under notification preferences."

TEXTS: dict[str, RenderedText] = {
    "booking.confirmed/client": RenderedText(
        "Booking confirmed: $service",
        "Your booking of $service with $practitioner $is confirmed. It $starts on $start.\n\n$details",
    ),
    "booking.confirmed/practitioner": RenderedText(
        "New booking: $service",
        "$service was booked by $client for $start.",
    ),
    "booking.rescheduled/client": RenderedText(
        "Booking moved: $service",
        "Your booking of $service with $practitioner has moved from $previous_start to $start.\n\n$details",
    ),
    "booking.rescheduled/practitioner": RenderedText(
        "Booking moved: $service",
        "The booking of $service by $client has moved from $previous_start to $start.",
    ),
    "booking.rescheduled/session": RenderedText(
        "Session moved: $service",
        "$service has moved, with everybody who booked it, from $previous_start to $start.",
    ),
    "booking.cancelled/client": RenderedText(
        "Booking cancelled: $service",
        "Your booking of $service with $practitioner on $start was cancelled by $cancelled_by. "
        "You get back: $refund.$why",
    ),
    "booking.cancelled/practitioner": RenderedText(
        "Booking cancelled: $service",
        "The booking of $service by $client on $start was cancelled by $cancelled_by.$why",
    ),
    "booking.hold_cancelled/client": RenderedText(
        "Booking cancelled: $service",
        "Your unpaid booking of $service with $practitioner on $start was cancelled by $cancelled_by. "
        "A payment that was under way goes back.$why",
    ),
    "booking.expired/client": RenderedText(
        "Booking not completed: $service",
        "Your booking of $service with $practitioner on $start was not paid in time, so the place was released. "
        "A payment that arrives later takes the place again while that is possible, and goes back otherwise.",
    ),
    "booking.refunded/client": RenderedText(
        "Booking not possible: $service",
        "Your payment for $service with $practitioner on $start came after the place was released, and the booking "
        "could not be restored. Everything that you paid goes back.",
    ),
    "booking.completed/client": RenderedText(
        "Thank you: $service",
        "$service with $practitioner of $start is complete. We hope that it went well.",
    ),
    "booking.no_show/client": RenderedText(
        "Missed: $service",
        "You were marked as absent from $service with $practitioner on $start. "
        "Write to the practitioner if that is wrong.",
    ),
    "booking.reminder/client": RenderedText(
        "Reminder: $service starts in $remaining",
        "$service with $practitioner starts in $remaining, on $start.\n\n$details",
    ),
    "booking.reminder/practitioner": RenderedText(
        "Reminder: $service starts in $remaining",
        "$service, booked by $client, starts in $remaining, on $start.",
    ),
    "booking.reminder/session": RenderedText(
        "Reminder: $service starts in $remaining",
        "$service, booked by $seats people, starts in $remaining, on $start.",
    ),
    "message.created/about": RenderedText("New messages: $subject", "You have new messages about $subject."),
    "message.created": RenderedText("New messages", "You have new messages."),
    "refund.issued": RenderedText("Refund issued", "A refund was issued to you: $refund."),
    "refund.failed": RenderedText(
        "Refund returned",
        "Your bank did not take a refund of $refund. We owe you this amount and will contact you about another way.",
    ),
    "payout.paid": RenderedText("Payout paid: $amount", "Your payout of $amount was paid."),
    "payout.failed": RenderedText(
        "Payout failed: $amount",
        "Your payout of $amount did not reach your bank. What was not refunded meanwhile is available again. "
        "Reason: $reason",
    ),
    "payout.rejected": RenderedText(
        "Payout declined: $amount",
        "Your request for a payout of $amount was declined. What was not refunded meanwhile is available again. "
        "Reason: $reason",
    ),
    "chargeback.lost": RenderedText(
        "Dispute lost: $amount",
        "The client's bank keeps $amount of order $order (dispute $dispute). "
        "What it had paid for stays held until staff decide.",
    ),
    "payout.needs_attention/practitioner": RenderedText(
        "Payout delayed: $amount",
        "Your payout of $amount cannot go on at the moment. Our staff look into it. Reason: $reason",
    ),
    "payout.needs_attention/staff": RenderedText(
        "Payout needs attention: $amount", "Payout $payout of $amount cannot go on by itself. Reason: $reason"
    ),
    "post.published": RenderedText("New in $stream: $post", "$stream has a new post: $post."),
    "comment.created": RenderedText("New comment: $subject", "There is a new comment on $subject."),
    "comment.created/many": RenderedText("$count new comments: $subject", "There are $count new comments on $subject."),
    "verification.approved": RenderedText(
        "You are approved", "Your profile $name is approved. You can offer services now. $note"
    ),
    "verification.needs_changes": RenderedText(
        "Your application needs changes", "Your profile $name needs changes before it can be approved. $note"
    ),
    "verification.rejected": RenderedText(
        "Your application was declined", "Your profile $name was not approved. $note"
    ),
}

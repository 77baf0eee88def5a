"""How parameters of texts are written: spans, lengths, money."""

from datetime import timedelta

from shared.records.currencies import decimals
from shared.records.money import Money


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

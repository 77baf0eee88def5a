"""Reading a call's parameters one by one, with Stripe's refusals for what cannot be read."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from estuary.sandbox.stripe.errors import StripeError, missing_param
from shared.records.currencies import known, minimum_charge, step
from shared.records.money import LARGEST

MOST_METADATA, LONGEST_NAME, LONGEST_VALUE = 50, 40, 500


@dataclass(frozen=True, slots=True)
class Params:
    """The parameters of one call, from the body or the query."""

    values: dict[str, Any]

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str, longest: int = 5000) -> str | None:
        """The value, or None when it is absent or empty."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str) or "\0" in value:
            raise StripeError(f"Invalid string: {name}", param=name)
        if len(value) > longest:
            raise StripeError(f"Invalid {name}: at most {longest} characters.", param=name)
        return value

    def needed(self, name: str) -> str:
        """The value; refused when it is absent or empty."""
        value = self.text(name)
        if value is None:
            raise missing_param(name)
        return value

    def integer(self, name: str) -> int | None:
        """A whole number, or None when it is absent."""
        value = self.text(name, longest=18)
        if value is None:
            return None
        digits = value.removeprefix("-")
        if not (digits.isascii() and digits.isdigit()):
            raise StripeError(f"Invalid integer: {value}", code="parameter_invalid_integer", param=name)
        return int(value)

    def boolean(self, name: str) -> bool:
        """`true` or `false`; absent means false."""
        value = self.text(name)
        if value not in (None, "true", "false"):
            raise StripeError(f"Invalid boolean: {value}", param=name)
        return value == "true"

    def choice(self, name: str, allowed: Collection[str]) -> str | None:
        """One of the allowed words, or None when it is absent."""
        value = self.text(name)
        if value is not None and value not in allowed:
            raise StripeError(f"Invalid {name}: must be one of {', '.join(sorted(allowed))}", param=name)
        return value

    def words(self, name: str) -> list[str]:
        """A list of strings; a lone string counts as a list of one."""
        value = self.values.get(name, [])
        given = value if isinstance(value, list) else [value]
        if not all(isinstance(word, str) for word in given):
            raise StripeError(f"Invalid array: {name}", param=name)
        return given

    def tree(self, name: str) -> dict[str, Any]:
        """A nested object, empty when it is absent."""
        value = self.values.get(name) or {}
        if not isinstance(value, dict):
            raise StripeError(f"Invalid object: {name}", param=name)
        return value

    def url(self, name: str) -> str | None:
        """An absolute http(s) address, or None when it is absent."""
        value = self.text(name)
        if value is not None and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).netloc):
            raise StripeError("Not a valid URL", code="url_invalid", param=name)
        return value

    def currency(self) -> str:
        """A currency that cards can pay in, in Stripe's lower case."""
        value = self.needed("currency").lower()
        if value.upper() not in known():
            raise StripeError(f"Invalid currency: {value}. Stripe does not support it here.", param="currency")
        return value

    def amount(self, name: str = "amount") -> int | None:
        """Minor units, at least 1 and at most 99,999,999; None when it is absent."""
        amount = self.integer(name)
        if amount is None:
            return None
        if amount < 1:
            raise StripeError("This value must be greater than or equal to 1.", code="parameter_invalid_integer",
                              param=name)  # fmt: skip
        if amount > LARGEST:
            raise StripeError("Amount must be no more than 99,999,999.", code="amount_too_large", param=name)
        return amount

    def needed_amount(self, name: str = "amount") -> int:
        """As `amount`, but refused when it is absent."""
        amount = self.amount(name)
        if amount is None:
            raise missing_param(name)
        return amount

    def charge_amount(self, currency: str) -> int:
        """Minor units that a card can be charged: at least Stripe's minimum for the currency."""
        amount, least = self.needed_amount(), minimum_charge(currency.upper())
        if amount < least:
            message = f"Amount must be at least {least} in the smallest unit of {currency}."
            raise StripeError(message, code="amount_too_small", param="amount")
        return demand_multiple(amount, step(currency.upper()), currency)

    def metadata(self, before: dict[str, str] | None = None) -> dict[str, str]:
        """The given pairs laid over those of before; an empty value removes a pair, an empty `metadata` all."""
        if self.values.get("metadata") == "":
            return {}
        given = self.tree("metadata")
        for name, value in given.items():
            if not isinstance(value, str) or len(name) > LONGEST_NAME or len(value) > LONGEST_VALUE:
                raise StripeError(f"Invalid metadata: {name}", param=f"metadata[{name}]")
        merged = {name: value for name, value in {**(before or {}), **given}.items() if value != ""}
        if len(merged) > MOST_METADATA:
            raise StripeError("Metadata can have at most 50 keys.", param="metadata")
        return merged


def demand_multiple(amount: int, unit: int, currency: str) -> int:
    """The amount; refused unless it is a multiple of `unit`, what Stripe demands in that currency."""
    if amount % unit:
        message = f"Invalid {currency} amount: {amount} is not a multiple of {unit}."
        raise StripeError(message, code="parameter_invalid_integer", param="amount")
    return amount

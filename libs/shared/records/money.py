"""Money: whole minor units and an ISO currency. No floats, no sums across currencies."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import total_ordering
from typing import Annotated, Any

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, Strict
from pydantic_core import CoreSchema, core_schema

from shared.errors import Invalid
from shared.records.currencies import step

LARGEST = 99_999_999
COMPONENT = "x-component"
"""Beside it stands what a place in the document adds to the component of that name."""


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units of one currency. In a request: 0 to 99,999,999; in an answer it may be negative."""

    amount: int
    currency: str

    @classmethod
    def zero(cls, currency: str) -> "Money":
        """Nothing, in that currency."""
        return cls(0, currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other), self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def __bool__(self) -> bool:
        return self.amount != 0

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise ValueError(f"cannot combine {self.currency} with {other.currency}")
        return other.amount

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return money_schema(-(2**62), 2**62, ref=f"{cls.__module__}.{cls.__name__}")

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return money_json_schema()


def money_schema(low: int, high: int, ref: str | None = None) -> CoreSchema:
    """Accepts `{"amount", "currency"}` and nothing else, or a Money; renders the same two fields. With `ref` it is a
    component of its own in the document."""
    amount = core_schema.int_schema(strict=True, ge=low, le=high)
    fields = {
        "amount": core_schema.typed_dict_field(amount, required=True),
        "currency": core_schema.typed_dict_field(core_schema.str_schema(pattern="^[A-Z]{3}$"), required=True),
    }
    parsed = core_schema.no_info_after_validator_function(
        lambda given: Money(given["amount"], given["currency"]),
        core_schema.typed_dict_schema(fields, extra_behavior="forbid"),
    )
    return core_schema.no_info_before_validator_function(
        _as_fields,
        parsed,
        serialization=core_schema.plain_serializer_function_ser_schema(_as_fields),
        ref=ref,
    )


def _as_fields(value: Any) -> Any:
    return {"amount": value.amount, "currency": value.currency} if isinstance(value, Money) else value


def money_json_schema() -> dict[str, Any]:
    """The OpenAPI form of a Money."""
    return {
        "type": "object",
        "title": "Money",
        "properties": {
            "amount": {"type": "integer", "description": "minor units"},
            "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
        },
        "required": ["amount", "currency"],
        "additionalProperties": False,
    }


@dataclass(frozen=True, slots=True)
class _Bounds:
    low: int
    high: int = LARGEST

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return money_schema(self.low, self.high)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {COMPONENT: Money.__name__, "properties": {"amount": {"minimum": self.low, "maximum": self.high}}}


Price = Annotated[Money, _Bounds(0)]
"""Money in a request, where nothing is a fair price: 0 to 99,999,999."""
PositiveMoney = Annotated[Money, _Bounds(1)]
"""Money in a request that moves money: 1 to 99,999,999."""
Amount = Annotated[int, Strict(), Field(ge=0, le=LARGEST)]
"""A bare number of minor units in a request."""


AMOUNT_CODES = ("unsupported_currency", "amount_off_step")
"""With which codes the checks below refuse."""


def check_currency(money: Money, currency: str, field: str) -> Money:
    """Returns the money if it is in the install's currency; else Invalid `unsupported_currency` on the field."""
    if money.currency == currency:
        return money
    raise Invalid(f"This install trades in {currency} only.", code="unsupported_currency", field=f"{field}.currency")


def check_amount(money: Money, currency: str, field: str, unit: int | None = None) -> Money:
    """As `check_currency`, for an amount that a person sets: Invalid `amount_off_step` unless it is a multiple of
    `unit`, which is the currency's step where none is given."""
    unit = unit or step(currency)
    if check_currency(money, currency, field).amount % unit == 0:
        return money
    detail = f"An amount in {currency} is a multiple of {unit} minor units here."
    raise Invalid(detail, code="amount_off_step", field=f"{field}.amount")


def split(amount: int, weights: Sequence[int], unit: int = 1) -> list[int]:
    """Shares of `amount` in proportion to `weights` that sum to it exactly (rule 18), each a multiple of `unit`.

    Largest remainder; ties go to the first. Weights may be below zero, their sum may not. A sum of zero: everything
    goes to the first share; so does what `amount` itself is off a multiple.
    """
    units, odd = divmod(amount, unit)
    shares = [unit * share for share in _split(units, weights)]
    return [shares[0] + odd, *shares[1:]]


def _split(amount: int, weights: Sequence[int]) -> list[int]:
    total = sum(weights)
    if total == 0:
        return [amount] + [0] * (len(weights) - 1)
    shares = [amount * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % total), i))
    for index in by_remainder[: amount - sum(shares)]:
        shares[index] += 1
    return shares

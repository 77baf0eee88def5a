"""What payments does for other services: orders from opening to refunds, and holds. All is safe to repeat."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, Strict, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from shared.peers import Endpoint
from shared.records.ids import derived_id
from shared.records.money import LARGEST, Money, Price
from shared.records.times import whole_text
from shared.web.http import Body, LongText, Text, UtcTime, View

Title = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(whole_text)]
SoldKind = Literal["booking", "pass", "fee", "subscription", "event", "gift", "post", "collection"]
MOST_LINES = 300
"""Of an order; so many sessions are in a pass at most."""

Cause = Literal["dispute", "chargeback", "warning", "staff", "suspension", "moderation"]


class LineRelease(Body):
    """That percentage of a line's net amount is released a hold period after its payment, or after its end."""

    percent: Annotated[int, Strict(), Field(ge=1, le=100)]
    on: Literal["paid", "completed"]


class NewLine(Body):
    """One thing that is sold. The caller derives its `id`, and names it in its events and refunds.

    Without a practitioner the platform sells it. Without `releases` all is released after the line's end; what earns
    at payment, a hold period after that.
    """

    id: UUID
    practitioner_id: UUID | None = None
    booking_id: UUID | None = None
    pass_session_id: UUID | None = None
    subject_id: UUID | None = None
    description: Title
    gross_amount: Price
    releases: Annotated[list[LineRelease], Field(min_length=1, max_length=20)] | None = None

    @field_validator("releases")
    @classmethod
    def _whole(cls, releases: list[LineRelease] | None) -> list[LineRelease] | None:
        if releases and sum(release.percent for release in releases) != 100:
            raise PydanticCustomError("not_hundred_percent", "The percentages sum to 100")
        return releases


ONLY_BEFORE = ("booking_id", "practitioner_id", "service_id", "total")
"""What the body of an order said only before there were lines."""


def _line_of(booking_id: Any) -> Any:
    """The id of that booking's line; what is no id is refused as the booking's."""
    try:
        return derived_id(UUID(str(booking_id)), "line")
    except ValueError:
        return booking_id


class OpenOrder(Body):
    """An order of these lines, which sum to its total; `credits` says how much of it the client pays with credits.

    With `capture` by hand the card is authorised, and charged when CAPTURE_ORDER is asked for. What is left to pay is
    charged at once to the saved card `payment_method_id`, if one is named. With `use_membership` the lines say the
    price, and a session of the client's membership pays all of it.
    """

    kind: SoldKind
    client_id: UUID
    title: Title
    lines: Annotated[list[NewLine], Field(min_length=1, max_length=MOST_LINES)]
    credits: Literal["max"] | Price | None = None
    capture: Literal["automatic", "manual"] = "automatic"
    payment_method_id: UUID | None = None
    use_membership: Annotated[bool, Strict()] = False
    expires_at: UtcTime

    @model_validator(mode="before")
    @classmethod
    def _of_release_before(cls, given: Any) -> Any:
        """The body of the release before says what it sells without kind and lines: one booking."""
        if not isinstance(given, dict) or "booking_id" not in given or {"kind", "lines"} & given.keys():
            return given
        sold = {name: given.get(name) for name in ("booking_id", "practitioner_id")}
        line = {"id": _line_of(given["booking_id"]), "description": given.get("title"), **sold}
        line["gross_amount"] = given.get("total")
        rest = {name: value for name, value in given.items() if name not in ONLY_BEFORE}
        return {"kind": "booking", "lines": [line], **rest}

    @field_validator("use_membership")
    @classmethod
    def _alone(cls, use_membership: bool, info: ValidationInfo) -> bool:
        others = info.data.get("credits"), info.data.get("payment_method_id")
        is_one = len(info.data.get("lines", ())) == 1 and info.data.get("capture") == "automatic"
        if use_membership and not (is_one and others == (None, None)):
            raise PydanticCustomError("not_combinable", "A membership pays one line, alone, and at once")
        return use_membership

    @field_validator("lines")
    @classmethod
    def _add_up(cls, lines: list[NewLine]) -> list[NewLine]:
        if sum(line.gross_amount.amount for line in lines) > LARGEST:
            raise PydanticCustomError("too_large", "The lines are more than an order can be")
        if len({line.id for line in lines}) < len(lines):
            raise PydanticCustomError("duplicate_line", "Each line has an id of its own")
        return lines

    @property
    def total(self) -> Money:
        """What the lines cost together; they are in one currency, which payments sees to."""
        return Money(sum(line.gross_amount.amount for line in self.lines), self.lines[0].gross_amount.currency)


class CardError(View):
    """Why a card was refused, in Stripe's words."""

    code: str
    decline_code: str | None
    message: str


class OrderOutcome(View):
    """How closing or retaking ended: `paid` also where the money came late. `paid_at`: when all of it was there."""

    status: str
    paid_at: UtcTime | None = None

    @property
    def is_paid(self) -> bool:
        """Nothing is due any more."""
        return self.status == "paid"


class CardPayment(View):
    """How a try with a saved card ended; the words are those of the client's own tries.

    `next_action_url`: the bank wants to see the client there.
    """

    status: Literal["succeeded", "processing", "requires_action", "failed"]
    error: CardError | None = None
    next_action_url: str | None = None


class OpenedOrder(OrderOutcome):
    """An order for who lets it be paid. `client_secret` is there while a card can pay it.

    `capture_before`: until when the card can be charged that is authorised for an order that is captured by hand.
    `payment`: how the try with the saved card ended that opening it was to make.
    """

    order_id: UUID
    total: Money
    credits_applied: Money
    amount_due: Money
    client_secret: str | None
    publishable_key: str
    expires_at: UtcTime
    capture_before: UtcTime | None = None
    payment: CardPayment | None = None


class CloseOrder(Body):
    """Why nobody shall pay it any more."""

    reason: Annotated[Text, Field(min_length=1, max_length=200)]


class LineRefund(Body):
    """So much of that line goes back."""

    line_id: UUID
    amount: Price


class RefundRequest(Body):
    """`refund_id` makes it idempotent. No amount: everything that is left. `cancels`: part of a cancellation, whose
    policy may ask for more than is left; then what is left is refunded. `reason` is a word of the caller's: what
    people wrote stays with booking, which forgets it with them.

    `lines` in place of `amount` says of which lines; an amount is spread over the lines by what each still holds."""

    refund_id: UUID
    amount: Price | None = None
    lines: Annotated[list[LineRefund], Field(min_length=1, max_length=MOST_LINES)] | None = None
    reason: Annotated[LongText, Field(max_length=2000)] = ""
    by: Annotated[Text, Field(max_length=100)] = ""
    cancels: bool = False

    @field_validator("lines")
    @classmethod
    def _either(cls, lines: list[LineRefund] | None, info: ValidationInfo) -> list[LineRefund] | None:
        if lines is not None and info.data.get("amount") is not None:
            raise PydanticCustomError("one_needed", "Give an amount or lines, not both")
        if lines is not None and len({line.line_id for line in lines}) < len(lines):
            raise PydanticCustomError("duplicate_line", "Name each line once")
        return lines


class RefundSplit(View):
    """How a refund falls on what the order was paid with."""

    card: Money
    credits: Money

    @classmethod
    def nothing(cls, currency: str) -> "RefundSplit":
        """No money moved."""
        return cls(card=Money.zero(currency), credits=Money.zero(currency))

    @property
    def total(self) -> Money:
        """Both parts."""
        return self.card + self.credits


class RefundAnswer(View):
    """The refund, or what one would be."""

    refund: RefundSplit


class HoldRequest(Body):
    """What a cause holds: lines, of which nothing is paid out, or all payouts of a practitioner."""

    cause: Cause
    line_ids: Annotated[list[UUID], Field(min_length=1, max_length=100)] | None = None
    practitioner_id: Annotated[UUID | None, Field(validate_default=True)] = None

    @field_validator("practitioner_id")
    @classmethod
    def _either(cls, practitioner_id: UUID | None, info: ValidationInfo) -> UUID | None:
        if "line_ids" in info.data and (practitioner_id is None) == (info.data["line_ids"] is None):
            raise PydanticCustomError("one_needed", "Give lines or a practitioner, not both")
        return practitioner_id


class HoldAnswer(View):
    """Whether the cause holds anything now. What has ended is not opened again."""

    is_open: bool


OPEN_ORDER = Endpoint("payments", "PUT", "/internal/orders/{order_id}/", OpenedOrder, OpenOrder)
"""Opens the order, or answers it as it is. Invalid `insufficient_credits`, Conflict `order_closed`, `order_changed`.

With a membership also Forbidden `subscription_required`, Invalid `not_covered`, Conflict `no_sessions_left`."""
CLOSE_ORDER = Endpoint("payments", "POST", "/internal/orders/{order_id}/close/", OrderOutcome, CloseOrder)
"""Closes the order for ever, existing or not; it may have been paid all the same."""
CAPTURE_ORDER = Endpoint("payments", "POST", "/internal/orders/{order_id}/capture/", OrderOutcome)
"""Charges what was authorised, once and whole; Conflict `not_authorized` where nothing is."""
RETAKE_ORDER = Endpoint("payments", "POST", "/internal/orders/{order_id}/retake/", OrderOutcome)
"""Takes back the credits that had been returned; Conflict where the client has spent them."""
REFUND_ORDER = Endpoint("payments", "POST", "/internal/orders/{order_id}/refunds/", RefundAnswer, RefundRequest)
"""Refunds once per `refund_id`; Conflict `nothing_to_refund` where nothing is left."""
PREVIEW_REFUND = Endpoint("payments", "GET", "/internal/orders/{order_id}/refund-preview/", RefundAnswer)
"""How a refund of `amount` minor units would fall; without an amount, one of everything that is left."""
HOLD = Endpoint("payments", "PUT", "/internal/holds/{cause_id}/", HoldAnswer, HoldRequest)
"""Holds lines or a practitioner's payouts for that cause; Invalid `unknown_line`, Conflict `hold_changed`."""
END_HOLD = Endpoint("payments", "DELETE", "/internal/holds/{cause_id}/", HoldAnswer)
"""Ends what the cause holds, for good: a `HOLD` that arrives later holds nothing."""

"""Bodies about packages and bundles. Validity and refunds in days from the purchase."""

from collections.abc import Sequence
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, Field, Strict, model_validator
from pydantic_core import PydanticCustomError

from services.catalog.packages.domain import (
    LONGEST_REFUND_DAYS,
    LONGEST_VALID_DAYS,
    MOST_DISCOUNT,
    MOST_ITEMS,
    MOST_QUANTITY,
    MOST_SERVICES,
    USUAL_REFUND_DAYS,
    USUAL_VALID_DAYS,
)
from services.catalog.packages.models import Package
from services.catalog.services.schemas import Description, Title
from shared.internal.catalog import PackagePart, PackageSnapshot
from shared.records.money import Money, Price
from shared.web.bodies import UNCHANGED
from shared.web.http import Body, UtcTime, View


def _each_once(service_ids: list[UUID]) -> list[UUID]:
    if len(set(service_ids)) < len(service_ids):
        raise PydanticCustomError("duplicate_service", "Name each service once")
    return service_ids


Quantity = Annotated[int, Strict(), Field(ge=1, le=MOST_QUANTITY)]
ServiceIds = Annotated[list[UUID], Field(min_length=1, max_length=MOST_SERVICES), AfterValidator(_each_once)]
Discount = Annotated[int, Strict(), Field(ge=0, le=MOST_DISCOUNT)]
ValidDays = Annotated[int, Strict(), Field(ge=1, le=LONGEST_VALID_DAYS)]
RefundDays = Annotated[int, Strict(), Field(ge=0, le=LONGEST_REFUND_DAYS)]
Flag = Annotated[bool, Strict()]


class PackageItemBody(Body):
    """So many sessions, each of any of these services; the dearest sets the price."""

    service_ids: ServiceIds
    quantity: Quantity = 1


class BundleItemBody(Body):
    """So many sessions, each of any of these services, or one course; or what is in a package, once."""

    service_ids: ServiceIds | None = None
    package_id: UUID | None = None
    quantity: Quantity = 1

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.service_ids is None) == (self.package_id is None):
            raise PydanticCustomError("one_of", "Give service_ids or package_id")
        if self.package_id is not None and self.quantity != 1:
            raise PydanticCustomError("package_once", "A package is in a bundle once")
        return self


PackageItems = Annotated[list[PackageItemBody], Field(min_length=1, max_length=MOST_ITEMS)]
BundleItems = Annotated[list[BundleItemBody], Field(min_length=1, max_length=MOST_ITEMS)]


class NewPackage(Body):
    """Sessions that are sold together; the price is their sum less the discount."""

    title: Title
    description: Description = ""
    items: PackageItems
    discount_percentage: Discount = 0
    valid_for_days: ValidDays = USUAL_VALID_DAYS
    refund_days: RefundDays = USUAL_REFUND_DAYS


class PackageChange(Body):
    """What is left out stays. What is sold keeps what it was sold with; `is_active: true` puts on sale again."""

    title: Title = UNCHANGED
    description: Description = UNCHANGED
    items: PackageItems = UNCHANGED
    discount_percentage: Discount = UNCHANGED
    valid_for_days: ValidDays = UNCHANGED
    refund_days: RefundDays = UNCHANGED
    is_active: Flag = UNCHANGED


class NewBundle(Body):
    """Sessions, courses and packages that are sold together for a price of their own, at most the sum of the parts."""

    title: Title
    description: Description = ""
    items: BundleItems
    total_price: Price
    valid_for_days: ValidDays = USUAL_VALID_DAYS
    refund_days: RefundDays = USUAL_REFUND_DAYS


class BundleChange(Body):
    """What is left out stays. What is sold keeps what it was sold with; `is_active: true` puts on sale again."""

    title: Title = UNCHANGED
    description: Description = UNCHANGED
    items: BundleItems = UNCHANGED
    total_price: Price = UNCHANGED
    valid_for_days: ValidDays = UNCHANGED
    refund_days: RefundDays = UNCHANGED
    is_active: Flag = UNCHANGED


New = NewPackage | NewBundle
Change = PackageChange | BundleChange


class PackageItemView(View):
    """Interchangeable services, and how many sessions of them."""

    service_ids: list[UUID]
    quantity: int


class BundleItemView(View):
    """Interchangeable services and how many sessions of them, or a package."""

    service_ids: list[UUID] | None
    package_id: UUID | None
    quantity: int


class _Sold(View):
    id: UUID
    practitioner_id: UUID
    practitioner_name: str
    title: str
    description: str
    valid_for_days: int
    refund_days: int
    price: Money
    session_count: int
    savings_amount: Money
    is_active: bool
    created_at: UtcTime
    updated_at: UtcTime


class PackageView(_Sold):
    """A package as everyone sees it."""

    items: list[PackageItemView]
    discount_percentage: int

    @classmethod
    def of(cls, package: Package) -> Self:
        """With what is in it."""
        items = [PackageItemView(service_ids=ids, quantity=quantity) for ids, _, quantity in contents(package)]
        return cls.showing(package, items=items)


class BundleView(_Sold):
    """A bundle as everyone sees it; `price` is `total_price` unless its parts have become cheaper."""

    items: list[BundleItemView]
    total_price: Money

    @classmethod
    def of(cls, package: Package) -> Self:
        """With what is in it."""
        items = [
            BundleItemView(service_ids=ids or None, package_id=nested_id, quantity=quantity)
            for ids, nested_id, quantity in contents(package)
        ]
        return cls.showing(package, items=items)


Item = tuple[Sequence[UUID], UUID | None, int]
"""Services or a package, and how many."""


def contents(package: Package) -> list[Item]:
    """What is in it, as it was given."""
    return [([each.id for each in item.services], item.nested_id, item.quantity) for item in package.items]


def items_of(body: New | Change) -> list[Item]:
    """What the body puts in."""
    items = [item.model_dump() for item in body.items]
    return [(item["service_ids"] or [], item.get("package_id"), item["quantity"]) for item in items]


def columns_of(body: New | Change) -> dict[str, Any]:
    """The body's fields as columns; of a change only what is given."""
    given = body.model_dump(exclude_unset=isinstance(body, Change), exclude={"items", "total_price"})
    if isinstance(body, NewBundle | BundleChange) and "total_price" in body.model_fields_set:
        given["total_amount"] = body.total_price.amount
    return given


def snapshot_of(package: Package) -> PackageSnapshot:
    """As booking needs it for a purchase."""
    parts = [
        PackagePart(
            service_ids=list(part.service_ids),
            quantity=part.quantity,
            single_price=Money(part.single_amount, package.currency),
            is_course=part.is_course,
        )
        for part in package.parts
    ]
    return PackageSnapshot(
        package_id=package.id,
        kind=package.kind,
        practitioner_id=package.practitioner_id,
        practitioner_user_id=package.practitioner.user_id,
        practitioner_timezone=package.practitioner.timezone,
        version=package.version,
        title=package.title,
        price=package.price,
        valid_for_days=package.valid_for_days,
        refund_days=package.refund_days,
        is_on_sale=package.is_on_sale,
        parts=parts,
    )

"""The tables of packages and bundles."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.catalog.base import Base
from services.catalog.packages.domain import PackageKind, Part, less_discount, sum_of
from services.catalog.practitioners.models import Practitioner
from services.catalog.services.domain import ServiceType
from services.catalog.services.models import Service
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.records.money import Money


class ItemService(Base):
    """One of an item's interchangeable services, in the order in which they were named."""

    __tablename__ = "package_services"
    __table_args__ = (
        ForeignKeyConstraint(
            ["package_id", "position"],
            ["catalog.package_items.package_id", "catalog.package_items.position"],
            name="fk_package_services_item",
        ),
    )

    package_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    service_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.services.id"), primary_key=True, index=True)


class PackageItem(Base):
    """So many sessions of some services, or all that is in another package."""

    __tablename__ = "package_items"

    package_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.packages.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    quantity: Mapped[int] = mapped_column(CheckConstraint("quantity between 1 and 100", "quantity"))
    nested_id: Mapped[UUID | None] = mapped_column(ForeignKey("catalog.packages.id"), index=True)

    nested: Mapped["Package | None"] = relationship(lazy="raise", foreign_keys=[nested_id])
    services: Mapped[list[Service]] = relationship(
        lazy="raise", secondary=ItemService.__table__, order_by=ItemService.number, viewonly=True
    )

    def part(self, kind: PackageKind) -> Part:
        """The item of a package of that kind, which holds services: the dearest on sale sets the price."""
        sold = [each for each in self.services if is_sold(each, kind)]
        return Part(
            service_ids=[each.id for each in self.services],
            quantity=self.quantity,
            single_amount=max(each.price_amount for each in sold or self.services),
            is_course=any(each.service_type == ServiceType.COURSE for each in self.services),
            is_on_sale=bool(sold),
        )


class Package(Base):
    """What a practitioner sells together. Days from the purchase; `version` grows with each change.

    A package has a discount, a bundle the amount that it costs, in minor units of `currency`.
    """

    __tablename__ = "packages"
    __table_args__ = (
        CheckConstraint("(kind = 'package') = (discount_percentage is not null)", "discount_of_package"),
        CheckConstraint("(kind = 'bundle') = (total_amount is not null)", "total_of_bundle"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.practitioners.id"), index=True)
    kind: Mapped[PackageKind] = mapped_column(enum_column(PackageKind))
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, CheckConstraint("length(description) <= 10000", "description"))
    discount_percentage: Mapped[int | None] = mapped_column(
        CheckConstraint("discount_percentage between 0 and 90", "discount")
    )
    total_amount: Mapped[int | None] = mapped_column(
        BigInteger, CheckConstraint("total_amount between 0 and 99999999", "total_amount")
    )
    currency: Mapped[str] = mapped_column(String(3))
    valid_for_days: Mapped[int] = mapped_column(CheckConstraint("valid_for_days > 0", "valid_for_days"))
    refund_days: Mapped[int] = mapped_column(CheckConstraint("refund_days >= 0", "refund_days"))
    is_active: Mapped[bool]
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    updated_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)

    practitioner: Mapped[Practitioner] = relationship(lazy="raise")
    items: Mapped[list[PackageItem]] = relationship(
        lazy="raise", foreign_keys=PackageItem.package_id, order_by=PackageItem.position, viewonly=True
    )

    @property
    def parts(self) -> list[Part]:
        """What is in it, and in the packages in it."""
        nested = [item.nested.parts if item.nested else [item.part(self.kind)] for item in self.items]
        return [part for parts in nested for part in parts]

    @property
    def parts_amount(self) -> int:
        """What its parts cost one by one."""
        return sum_of(self.parts)

    @property
    def price(self) -> Money:
        """What it costs now: never more than its parts."""
        if self.discount_percentage is not None:
            amount = less_discount(self.parts_amount, self.discount_percentage, self.currency)
        else:
            amount = min(self.total_amount or 0, self.parts_amount)
        return Money(amount, self.currency)

    @property
    def total_price(self) -> Money:
        """What the practitioner set of a bundle."""
        return Money(self.total_amount or 0, self.currency)

    @property
    def savings_amount(self) -> Money:
        """How much less it costs than its parts."""
        return Money(self.parts_amount, self.currency) - self.price

    @property
    def session_count(self) -> int:
        """How many sessions it has; a course is one."""
        return sum(part.quantity for part in self.parts)

    @property
    def practitioner_name(self) -> str:
        """The display name of its practitioner."""
        return self.practitioner.display_name

    @property
    def is_on_sale(self) -> bool:
        """Whether it can be bought now: each of its parts can be, too."""
        return self.is_active and self.practitioner.is_approved and all(part.is_on_sale for part in self.parts)


def is_sold(service: Service, kind: PackageKind) -> bool:
    """Whether the service is on sale as a part of what is of that kind."""
    return service.is_active and (service.service_type != ServiceType.COURSE or kind == PackageKind.BUNDLE)

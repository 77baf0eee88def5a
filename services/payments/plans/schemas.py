"""Bodies and answers of plans."""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, Strict, StringConstraints, field_validator
from pydantic_core import PydanticCustomError

from services.payments.plans.domain import Figures, Interval, PlanKind
from services.payments.plans.models import Plan
from shared.records.money import Money, Price
from shared.web.http import Body, Text, View

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,40}$")]
Name = Annotated[Text, StringConstraints(min_length=1, max_length=100)]
Rate = Annotated[str, StringConstraints(pattern=r"^(0\.[0-9]{4}|1\.0000)$")]
"""A share as a fraction with four places."""


class PlanPriceBody(Body):
    """What it costs for one interval: nothing, or at least what a card can be charged."""

    interval: Interval
    price: Price


class PlatformFeatures(Body):
    """How many active services a practitioner may have (null: no limit), what the platform keeps of their sales, and
    which figures they see."""

    service_limit: Annotated[int, Strict(), Field(ge=0, le=100_000)] | None
    commission_rate: Rate
    figures: Figures


class NoFeatures(Body):
    """The plan itself is what an organizer needs; what a stream's tier opens is said by the stream's posts."""


class MembershipFeatures(Body):
    """What each paid period grants: credits, and sessions, each of which pays a seat of a price up to
    `session_value`."""

    credits: Price
    sessions: Annotated[int, Strict(), Field(ge=0, le=1000)]
    session_value: Price


Features = PlatformFeatures | NoFeatures | MembershipFeatures
FEATURES: dict[PlanKind, type[Features]] = {
    PlanKind.PLATFORM: PlatformFeatures,
    PlanKind.ORGANIZER: NoFeatures,
    PlanKind.MEMBERSHIP: MembershipFeatures,
    PlanKind.STREAM_TIER: NoFeatures,
}


class PlanTerms(Body):
    """A plan to subscribe to, with a price for one interval or for both. `level` ranks the plans of a kind."""

    code: Code
    name: Name
    level: Annotated[int, Strict(), Field(ge=0, le=1000)]
    prices: Annotated[list[PlanPriceBody], Field(min_length=1, max_length=2)]
    trial_days: Annotated[int, Strict(), Field(ge=0, le=365)] = 0
    is_active: Annotated[bool, Strict()] = True

    @field_validator("prices")
    @classmethod
    def _one_of_each(cls, prices: list[PlanPriceBody]) -> list[PlanPriceBody]:
        if len({price.interval for price in prices}) < len(prices):
            raise PydanticCustomError("duplicate_interval", "Name one price for each interval")
        return prices

    def columns(self) -> dict[str, Any]:
        """The plan's row, without its prices."""
        plain = self.model_dump(exclude={"prices", "version"})
        return plain | self.model_dump(mode="json", include={"features"})

    def feature_amounts(self) -> dict[str, Money]:
        """What its features say in money, by field."""
        return {}

    def amounts(self) -> dict[Interval, Money]:
        """The prices by interval."""
        return {each.interval: each.price for each in self.prices}


class PlatformPlan(PlanTerms):
    """A plan for practitioners."""

    kind: Literal[PlanKind.PLATFORM]
    features: PlatformFeatures


class OrganizerPlan(PlanTerms):
    """A plan for organizers."""

    kind: Literal[PlanKind.ORGANIZER]
    features: NoFeatures


class MembershipPlan(PlanTerms):
    """A plan for members."""

    kind: Literal[PlanKind.MEMBERSHIP]
    features: MembershipFeatures

    def feature_amounts(self) -> dict[str, Money]:
        """What a period grants, and what a session pays."""
        return {"features.credits": self.features.credits, "features.session_value": self.features.session_value}


class ChangeOf(Body):
    """With `version`, only where that is the plan's version now."""

    version: Annotated[int, Strict(), Field(ge=1)] | None = None


class PlatformPlanChange(PlatformPlan, ChangeOf):
    """A plan for practitioners as it is to be."""


class OrganizerPlanChange(OrganizerPlan, ChangeOf):
    """A plan for organizers as it is to be."""


class MembershipPlanChange(MembershipPlan, ChangeOf):
    """A plan for members as it is to be."""


NewPlan = Annotated[PlatformPlan | OrganizerPlan | MembershipPlan, Field(discriminator="kind")]
PlanChange = Annotated[PlatformPlanChange | OrganizerPlanChange | MembershipPlanChange, Field(discriminator="kind")]


class PlanPriceView(View):
    """What a plan costs for one interval."""

    interval: Interval
    price: Money


class PlanView(View):
    """A plan as it is offered; `stream_id`: the stream whose tier it is."""

    id: UUID
    kind: PlanKind
    stream_id: UUID | None = None
    code: str
    name: str
    level: int
    prices: list[PlanPriceView]
    trial_days: int
    features: Features
    is_active: bool
    version: int

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """The plan as it is now."""
        prices = [PlanPriceView.model_validate(price) for price in plan.prices]
        return cls.showing(plan, prices=prices, features=FEATURES[plan.kind].model_validate(plan.features))

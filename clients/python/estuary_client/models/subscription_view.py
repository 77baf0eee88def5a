from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.end_reason import EndReason
from ..models.interval import Interval
from ..models.plan_kind import PlanKind
from ..models.subscription_status import SubscriptionStatus

if TYPE_CHECKING:
    from ..models.benefits_view import BenefitsView
    from ..models.bill_view import BillView
    from ..models.money import Money
    from ..models.pending_change import PendingChange
    from ..models.plan_view import PlanView


T = TypeVar("T", bound="SubscriptionView")


@_attrs_define
class SubscriptionView:
    """A subscription at its own terms: `plan` and `price` are those of the moment when they were agreed.

    `access_until` alone says how long it gives access. `paused_until`: it pauses at the end of what is paid, or has
    done so, and resumes then. `retry_at`: when the unpaid bill is tried next. `benefits`: a membership's.

        Attributes:
            id (UUID):
            kind (PlanKind): Who subscribes to it, and to what end: practitioners to sell, organizers to negotiate, members
                to book, fans to
                see a stream.
            plan (PlanView): A plan as it is offered; `stream_id`: the stream whose tier it is.
            interval (Interval): How often a plan is billed.
            price (Money):
            status (SubscriptionStatus): `incomplete`: the first bill, or the first one after a pause, is not paid yet.
                `past_due`: the bill of a period
                that has begun is not paid. `paused`: no period runs, and none is billed.
            current_period_start (datetime.datetime | None):
            current_period_end (datetime.datetime | None):
            access_until (datetime.datetime | None):
            trial_until (datetime.datetime | None):
            cancel_at (datetime.datetime | None):
            pending_change (None | PendingChange):
            paused_until (datetime.datetime | None):
            retry_at (datetime.datetime | None):
            end_reason (EndReason | None):
            benefits (BenefitsView | None):
            payment (BillView | None):
    """

    id: UUID
    kind: PlanKind
    plan: PlanView
    interval: Interval
    price: Money
    status: SubscriptionStatus
    current_period_start: datetime.datetime | None
    current_period_end: datetime.datetime | None
    access_until: datetime.datetime | None
    trial_until: datetime.datetime | None
    cancel_at: datetime.datetime | None
    pending_change: None | PendingChange
    paused_until: datetime.datetime | None
    retry_at: datetime.datetime | None
    end_reason: EndReason | None
    benefits: BenefitsView | None
    payment: BillView | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.benefits_view import BenefitsView
        from ..models.bill_view import BillView
        from ..models.pending_change import PendingChange

        id = str(self.id)

        kind = self.kind.value

        plan = self.plan.to_dict()

        interval = self.interval.value

        price = self.price.to_dict()

        status = self.status.value

        current_period_start: None | str
        if isinstance(self.current_period_start, datetime.datetime):
            current_period_start = self.current_period_start.isoformat()
        else:
            current_period_start = self.current_period_start

        current_period_end: None | str
        if isinstance(self.current_period_end, datetime.datetime):
            current_period_end = self.current_period_end.isoformat()
        else:
            current_period_end = self.current_period_end

        access_until: None | str
        if isinstance(self.access_until, datetime.datetime):
            access_until = self.access_until.isoformat()
        else:
            access_until = self.access_until

        trial_until: None | str
        if isinstance(self.trial_until, datetime.datetime):
            trial_until = self.trial_until.isoformat()
        else:
            trial_until = self.trial_until

        cancel_at: None | str
        if isinstance(self.cancel_at, datetime.datetime):
            cancel_at = self.cancel_at.isoformat()
        else:
            cancel_at = self.cancel_at

        pending_change: dict[str, Any] | None
        if isinstance(self.pending_change, PendingChange):
            pending_change = self.pending_change.to_dict()
        else:
            pending_change = self.pending_change

        paused_until: None | str
        if isinstance(self.paused_until, datetime.datetime):
            paused_until = self.paused_until.isoformat()
        else:
            paused_until = self.paused_until

        retry_at: None | str
        if isinstance(self.retry_at, datetime.datetime):
            retry_at = self.retry_at.isoformat()
        else:
            retry_at = self.retry_at

        end_reason: None | str
        if isinstance(self.end_reason, EndReason):
            end_reason = self.end_reason.value
        else:
            end_reason = self.end_reason

        benefits: dict[str, Any] | None
        if isinstance(self.benefits, BenefitsView):
            benefits = self.benefits.to_dict()
        else:
            benefits = self.benefits

        payment: dict[str, Any] | None
        if isinstance(self.payment, BillView):
            payment = self.payment.to_dict()
        else:
            payment = self.payment

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "kind": kind,
                "plan": plan,
                "interval": interval,
                "price": price,
                "status": status,
                "current_period_start": current_period_start,
                "current_period_end": current_period_end,
                "access_until": access_until,
                "trial_until": trial_until,
                "cancel_at": cancel_at,
                "pending_change": pending_change,
                "paused_until": paused_until,
                "retry_at": retry_at,
                "end_reason": end_reason,
                "benefits": benefits,
                "payment": payment,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.benefits_view import BenefitsView
        from ..models.bill_view import BillView
        from ..models.money import Money
        from ..models.pending_change import PendingChange
        from ..models.plan_view import PlanView

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        kind = PlanKind(d.pop("kind"))

        plan = PlanView.from_dict(d.pop("plan"))

        interval = Interval(d.pop("interval"))

        price = Money.from_dict(d.pop("price"))

        status = SubscriptionStatus(d.pop("status"))

        def _parse_current_period_start(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                current_period_start_type_0 = datetime.datetime.fromisoformat(data)

                return current_period_start_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        current_period_start = _parse_current_period_start(
            d.pop("current_period_start")
        )

        def _parse_current_period_end(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                current_period_end_type_0 = datetime.datetime.fromisoformat(data)

                return current_period_end_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        current_period_end = _parse_current_period_end(d.pop("current_period_end"))

        def _parse_access_until(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                access_until_type_0 = datetime.datetime.fromisoformat(data)

                return access_until_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        access_until = _parse_access_until(d.pop("access_until"))

        def _parse_trial_until(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                trial_until_type_0 = datetime.datetime.fromisoformat(data)

                return trial_until_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        trial_until = _parse_trial_until(d.pop("trial_until"))

        def _parse_cancel_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                cancel_at_type_0 = datetime.datetime.fromisoformat(data)

                return cancel_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        cancel_at = _parse_cancel_at(d.pop("cancel_at"))

        def _parse_pending_change(data: object) -> None | PendingChange:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                pending_change_type_0 = PendingChange.from_dict(data)

                return pending_change_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PendingChange, data)

        pending_change = _parse_pending_change(d.pop("pending_change"))

        def _parse_paused_until(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                paused_until_type_0 = datetime.datetime.fromisoformat(data)

                return paused_until_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        paused_until = _parse_paused_until(d.pop("paused_until"))

        def _parse_retry_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                retry_at_type_0 = datetime.datetime.fromisoformat(data)

                return retry_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        retry_at = _parse_retry_at(d.pop("retry_at"))

        def _parse_end_reason(data: object) -> EndReason | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                end_reason_type_0 = EndReason(data)

                return end_reason_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(EndReason | None, data)

        end_reason = _parse_end_reason(d.pop("end_reason"))

        def _parse_benefits(data: object) -> BenefitsView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                benefits_type_0 = BenefitsView.from_dict(data)

                return benefits_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(BenefitsView | None, data)

        benefits = _parse_benefits(d.pop("benefits"))

        def _parse_payment(data: object) -> BillView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                payment_type_0 = BillView.from_dict(data)

                return payment_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(BillView | None, data)

        payment = _parse_payment(d.pop("payment"))

        subscription_view = cls(
            id=id,
            kind=kind,
            plan=plan,
            interval=interval,
            price=price,
            status=status,
            current_period_start=current_period_start,
            current_period_end=current_period_end,
            access_until=access_until,
            trial_until=trial_until,
            cancel_at=cancel_at,
            pending_change=pending_change,
            paused_until=paused_until,
            retry_at=retry_at,
            end_reason=end_reason,
            benefits=benefits,
            payment=payment,
        )

        subscription_view.additional_properties = d
        return subscription_view

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.payout_schedule import PayoutSchedule

T = TypeVar("T", bound="PaymentsAccountView")


@_attrs_define
class PaymentsAccountView:
    """The practitioner's Stripe account in its present state.

    Attributes:
        stripe_account_id (str):
        onboarding_url (str):
        charges_enabled (bool):
        payouts_enabled (bool):
        payout_schedule (PayoutSchedule): Whether a practitioner asks for each payout, or gets what is available every
            week.
    """

    stripe_account_id: str
    onboarding_url: str
    charges_enabled: bool
    payouts_enabled: bool
    payout_schedule: PayoutSchedule
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        stripe_account_id = self.stripe_account_id

        onboarding_url = self.onboarding_url

        charges_enabled = self.charges_enabled

        payouts_enabled = self.payouts_enabled

        payout_schedule = self.payout_schedule.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "stripe_account_id": stripe_account_id,
                "onboarding_url": onboarding_url,
                "charges_enabled": charges_enabled,
                "payouts_enabled": payouts_enabled,
                "payout_schedule": payout_schedule,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        stripe_account_id = d.pop("stripe_account_id")

        onboarding_url = d.pop("onboarding_url")

        charges_enabled = d.pop("charges_enabled")

        payouts_enabled = d.pop("payouts_enabled")

        payout_schedule = PayoutSchedule(d.pop("payout_schedule"))

        payments_account_view = cls(
            stripe_account_id=stripe_account_id,
            onboarding_url=onboarding_url,
            charges_enabled=charges_enabled,
            payouts_enabled=payouts_enabled,
            payout_schedule=payout_schedule,
        )

        payments_account_view.additional_properties = d
        return payments_account_view

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

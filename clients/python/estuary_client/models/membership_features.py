from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.money import Money


T = TypeVar("T", bound="MembershipFeatures")


@_attrs_define
class MembershipFeatures:
    """What each paid period grants: credits, and sessions, each of which pays a seat of a price up to
    `session_value`.

        Attributes:
            credits_ (Money):
            sessions (int):
            session_value (Money):
    """

    credits_: Money
    sessions: int
    session_value: Money

    def to_dict(self) -> dict[str, Any]:
        credits_ = self.credits_.to_dict()

        sessions = self.sessions

        session_value = self.session_value.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "credits": credits_,
                "sessions": sessions,
                "session_value": session_value,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.money import Money

        d = dict(src_dict)
        credits_ = Money.from_dict(d.pop("credits"))

        sessions = d.pop("sessions")

        session_value = Money.from_dict(d.pop("session_value"))

        membership_features = cls(
            credits_=credits_,
            sessions=sessions,
            session_value=session_value,
        )

        return membership_features

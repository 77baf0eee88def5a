from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="SecondStepTicket")


@_attrs_define
class SecondStepTicket:
    """The ticket of a sign-in's first step.

    Attributes:
        ticket (str):
    """

    ticket: str

    def to_dict(self) -> dict[str, Any]:
        ticket = self.ticket

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "ticket": ticket,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        ticket = d.pop("ticket")

        second_step_ticket = cls(
            ticket=ticket,
        )

        return second_step_ticket

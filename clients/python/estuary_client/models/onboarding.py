from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.step import Step

T = TypeVar("T", bound="Onboarding")


@_attrs_define
class Onboarding:
    """The steps that are done, and the first that is not (null when all are).

    Attributes:
        completed_steps (list[Step]):
        next_step (None | Step):
    """

    completed_steps: list[Step]
    next_step: None | Step
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        completed_steps = []
        for completed_steps_item_data in self.completed_steps:
            completed_steps_item = completed_steps_item_data.value
            completed_steps.append(completed_steps_item)

        next_step: None | str
        if isinstance(self.next_step, Step):
            next_step = self.next_step.value
        else:
            next_step = self.next_step

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "completed_steps": completed_steps,
                "next_step": next_step,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        completed_steps = []
        _completed_steps = d.pop("completed_steps")
        for completed_steps_item_data in _completed_steps:
            completed_steps_item = Step(completed_steps_item_data)

            completed_steps.append(completed_steps_item)

        def _parse_next_step(data: object) -> None | Step:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                next_step_type_0 = Step(data)

                return next_step_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Step, data)

        next_step = _parse_next_step(d.pop("next_step"))

        onboarding = cls(
            completed_steps=completed_steps,
            next_step=next_step,
        )

        onboarding.additional_properties = d
        return onboarding

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

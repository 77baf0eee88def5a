from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..models.failure import Failure
from ..types import UNSET, Unset

T = TypeVar("T", bound="CallFaultBody")


@_attrs_define
class CallFaultBody:
    """Which calls fail, by the SDK's names (all unless named), in which way, and how often; `times` 0 ends it.

    Attributes:
        calls (list[str] | None | Unset):
        error (Failure | None | Unset):
        times (int | Unset):  Default: 1.
    """

    calls: list[str] | None | Unset = UNSET
    error: Failure | None | Unset = UNSET
    times: int | Unset = 1

    def to_dict(self) -> dict[str, Any]:
        calls: list[str] | None | Unset
        if isinstance(self.calls, Unset):
            calls = UNSET
        elif isinstance(self.calls, list):
            calls = self.calls

        else:
            calls = self.calls

        error: None | str | Unset
        if isinstance(self.error, Unset):
            error = UNSET
        elif isinstance(self.error, Failure):
            error = self.error.value
        else:
            error = self.error

        times = self.times

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if calls is not UNSET:
            field_dict["calls"] = calls
        if error is not UNSET:
            field_dict["error"] = error
        if times is not UNSET:
            field_dict["times"] = times

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)

        def _parse_calls(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                calls_type_0 = cast(list[str], data)

                return calls_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        calls = _parse_calls(d.pop("calls", UNSET))

        def _parse_error(data: object) -> Failure | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                error_type_0 = Failure(data)

                return error_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Failure | None | Unset, data)

        error = _parse_error(d.pop("error", UNSET))

        times = d.pop("times", UNSET)

        call_fault_body = cls(
            calls=calls,
            error=error,
            times=times,
        )

        return call_fault_body

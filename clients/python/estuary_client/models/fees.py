from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.money import Money


T = TypeVar("T", bound="Fees")


@_attrs_define
class Fees:
    """What a client pays who does not come, or cancels late, on a seat of price 0 or by pass.

    Attributes:
        no_show (Money | None | Unset):
        late_cancel (Money | None | Unset):
    """

    no_show: Money | None | Unset = UNSET
    late_cancel: Money | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.money import Money

        no_show: dict[str, Any] | None | Unset
        if isinstance(self.no_show, Unset):
            no_show = UNSET
        elif isinstance(self.no_show, Money):
            no_show = self.no_show.to_dict()
        else:
            no_show = self.no_show

        late_cancel: dict[str, Any] | None | Unset
        if isinstance(self.late_cancel, Unset):
            late_cancel = UNSET
        elif isinstance(self.late_cancel, Money):
            late_cancel = self.late_cancel.to_dict()
        else:
            late_cancel = self.late_cancel

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if no_show is not UNSET:
            field_dict["no_show"] = no_show
        if late_cancel is not UNSET:
            field_dict["late_cancel"] = late_cancel

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.money import Money

        d = dict(src_dict)

        def _parse_no_show(data: object) -> Money | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                no_show_type_0 = Money.from_dict(data)

                return no_show_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Money | None | Unset, data)

        no_show = _parse_no_show(d.pop("no_show", UNSET))

        def _parse_late_cancel(data: object) -> Money | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                late_cancel_type_0 = Money.from_dict(data)

                return late_cancel_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Money | None | Unset, data)

        late_cancel = _parse_late_cancel(d.pop("late_cancel", UNSET))

        fees = cls(
            no_show=no_show,
            late_cancel=late_cancel,
        )

        return fees

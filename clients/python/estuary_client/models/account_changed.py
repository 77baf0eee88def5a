from __future__ import annotations

from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    Self,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.account_changed_capabilities import AccountChangedCapabilities


T = TypeVar("T", bound="AccountChanged")


@_attrs_define
class AccountChanged:
    """Stripe allows a connected account more or less; a `disabled_reason` stops its charges and payouts.

    Attributes:
        what (Literal['account']):
        id (str):
        capabilities (AccountChangedCapabilities | Unset):
        currently_due (list[str] | None | Unset):
        disabled_reason (None | str | Unset):
    """

    what: Literal["account"]
    id: str
    capabilities: AccountChangedCapabilities | Unset = UNSET
    currently_due: list[str] | None | Unset = UNSET
    disabled_reason: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        what = self.what

        id = self.id

        capabilities: dict[str, Any] | Unset = UNSET
        if not isinstance(self.capabilities, Unset):
            capabilities = self.capabilities.to_dict()

        currently_due: list[str] | None | Unset
        if isinstance(self.currently_due, Unset):
            currently_due = UNSET
        elif isinstance(self.currently_due, list):
            currently_due = self.currently_due

        else:
            currently_due = self.currently_due

        disabled_reason: None | str | Unset
        if isinstance(self.disabled_reason, Unset):
            disabled_reason = UNSET
        else:
            disabled_reason = self.disabled_reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "what": what,
                "id": id,
            }
        )
        if capabilities is not UNSET:
            field_dict["capabilities"] = capabilities
        if currently_due is not UNSET:
            field_dict["currently_due"] = currently_due
        if disabled_reason is not UNSET:
            field_dict["disabled_reason"] = disabled_reason

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.account_changed_capabilities import AccountChangedCapabilities

        d = dict(src_dict)
        what = cast(Literal["account"], d.pop("what"))
        if what != "account":
            raise ValueError(f"what must match const 'account', got '{what}'")

        id = d.pop("id")

        _capabilities = d.pop("capabilities", UNSET)
        capabilities: AccountChangedCapabilities | Unset
        if isinstance(_capabilities, Unset):
            capabilities = UNSET
        else:
            capabilities = AccountChangedCapabilities.from_dict(_capabilities)

        def _parse_currently_due(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                currently_due_type_0 = cast(list[str], data)

                return currently_due_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        currently_due = _parse_currently_due(d.pop("currently_due", UNSET))

        def _parse_disabled_reason(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        disabled_reason = _parse_disabled_reason(d.pop("disabled_reason", UNSET))

        account_changed = cls(
            what=what,
            id=id,
            capabilities=capabilities,
            currently_due=currently_due,
            disabled_reason=disabled_reason,
        )

        return account_changed

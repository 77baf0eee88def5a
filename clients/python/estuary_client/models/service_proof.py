from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.kept_view import KeptView
    from ..models.service_proof_erased_type_0 import ServiceProofErasedType0


T = TypeVar("T", bound="ServiceProof")


@_attrs_define
class ServiceProof:
    """What a service did; `done_at` is null while it has not answered.

    Attributes:
        name (str):
        done_at (datetime.datetime | None | Unset):
        erased (None | ServiceProofErasedType0 | Unset):
        kept (list[KeptView] | None | Unset):
    """

    name: str
    done_at: datetime.datetime | None | Unset = UNSET
    erased: None | ServiceProofErasedType0 | Unset = UNSET
    kept: list[KeptView] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.service_proof_erased_type_0 import ServiceProofErasedType0

        name = self.name

        done_at: None | str | Unset
        if isinstance(self.done_at, Unset):
            done_at = UNSET
        elif isinstance(self.done_at, datetime.datetime):
            done_at = self.done_at.isoformat()
        else:
            done_at = self.done_at

        erased: dict[str, Any] | None | Unset
        if isinstance(self.erased, Unset):
            erased = UNSET
        elif isinstance(self.erased, ServiceProofErasedType0):
            erased = self.erased.to_dict()
        else:
            erased = self.erased

        kept: list[dict[str, Any]] | None | Unset
        if isinstance(self.kept, Unset):
            kept = UNSET
        elif isinstance(self.kept, list):
            kept = []
            for kept_type_0_item_data in self.kept:
                kept_type_0_item = kept_type_0_item_data.to_dict()
                kept.append(kept_type_0_item)

        else:
            kept = self.kept

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
            }
        )
        if done_at is not UNSET:
            field_dict["done_at"] = done_at
        if erased is not UNSET:
            field_dict["erased"] = erased
        if kept is not UNSET:
            field_dict["kept"] = kept

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.kept_view import KeptView
        from ..models.service_proof_erased_type_0 import ServiceProofErasedType0

        d = dict(src_dict)
        name = d.pop("name")

        def _parse_done_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                done_at_type_0 = datetime.datetime.fromisoformat(data)

                return done_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        done_at = _parse_done_at(d.pop("done_at", UNSET))

        def _parse_erased(data: object) -> None | ServiceProofErasedType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                erased_type_0 = ServiceProofErasedType0.from_dict(data)

                return erased_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ServiceProofErasedType0 | Unset, data)

        erased = _parse_erased(d.pop("erased", UNSET))

        def _parse_kept(data: object) -> list[KeptView] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                kept_type_0 = []
                _kept_type_0 = data
                for kept_type_0_item_data in _kept_type_0:
                    kept_type_0_item = KeptView.from_dict(kept_type_0_item_data)

                    kept_type_0.append(kept_type_0_item)

                return kept_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[KeptView] | None | Unset, data)

        kept = _parse_kept(d.pop("kept", UNSET))

        service_proof = cls(
            name=name,
            done_at=done_at,
            erased=erased,
            kept=kept,
        )

        service_proof.additional_properties = d
        return service_proof

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

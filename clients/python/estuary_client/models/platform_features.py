from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..models.figures import Figures

T = TypeVar("T", bound="PlatformFeatures")


@_attrs_define
class PlatformFeatures:
    """How many active services a practitioner may have (null: no limit), what the platform keeps of their sales, and
    which figures they see.

        Attributes:
            service_limit (int | None):
            commission_rate (str):
            figures (Figures): Which figures of their practice a practitioner sees.
    """

    service_limit: int | None
    commission_rate: str
    figures: Figures

    def to_dict(self) -> dict[str, Any]:
        service_limit: int | None
        service_limit = self.service_limit

        commission_rate = self.commission_rate

        figures = self.figures.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "service_limit": service_limit,
                "commission_rate": commission_rate,
                "figures": figures,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)

        def _parse_service_limit(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        service_limit = _parse_service_limit(d.pop("service_limit"))

        commission_rate = d.pop("commission_rate")

        figures = Figures(d.pop("figures"))

        platform_features = cls(
            service_limit=service_limit,
            commission_rate=commission_rate,
            figures=figures,
        )

        return platform_features

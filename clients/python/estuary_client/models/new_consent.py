from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..models.identity_decision import IdentityDecision
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.consent_scope import ConsentScope


T = TypeVar("T", bound="NewConsent")


@_attrs_define
class NewConsent:
    """A decision about the version that was shown.

    Attributes:
        purpose (str):
        version (int):
        decision (IdentityDecision): What a person says about a document; no record means no.
        scope (ConsentScope | None | Unset):
    """

    purpose: str
    version: int
    decision: IdentityDecision
    scope: ConsentScope | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.consent_scope import ConsentScope

        purpose = self.purpose

        version = self.version

        decision = self.decision.value

        scope: dict[str, Any] | None | Unset
        if isinstance(self.scope, Unset):
            scope = UNSET
        elif isinstance(self.scope, ConsentScope):
            scope = self.scope.to_dict()
        else:
            scope = self.scope

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "purpose": purpose,
                "version": version,
                "decision": decision,
            }
        )
        if scope is not UNSET:
            field_dict["scope"] = scope

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.consent_scope import ConsentScope

        d = dict(src_dict)
        purpose = d.pop("purpose")

        version = d.pop("version")

        decision = IdentityDecision(d.pop("decision"))

        def _parse_scope(data: object) -> ConsentScope | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                scope_type_0 = ConsentScope.from_dict(data)

                return scope_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ConsentScope | None | Unset, data)

        scope = _parse_scope(d.pop("scope", UNSET))

        new_consent = cls(
            purpose=purpose,
            version=version,
            decision=decision,
            scope=scope,
        )

        return new_consent

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.setup_status import SetupStatus

if TYPE_CHECKING:
    from ..models.card_error import CardError
    from ..models.method_view import MethodView


T = TypeVar("T", bound="SetupView")


@_attrs_define
class SetupView:
    """A try to save a card. `next_action_url`: the bank wants to see the client there; `method` once it is saved.

    Attributes:
        setup_id (UUID):
        status (SetupStatus): `failed`: the card was refused, or the setup was ended; with the client secret another
            card may be tried.
        client_secret (None | str):
        publishable_key (str):
        next_action_url (None | str):
        error (CardError | None):
        method (MethodView | None):
    """

    setup_id: UUID
    status: SetupStatus
    client_secret: None | str
    publishable_key: str
    next_action_url: None | str
    error: CardError | None
    method: MethodView | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.card_error import CardError
        from ..models.method_view import MethodView

        setup_id = str(self.setup_id)

        status = self.status.value

        client_secret: None | str
        client_secret = self.client_secret

        publishable_key = self.publishable_key

        next_action_url: None | str
        next_action_url = self.next_action_url

        error: dict[str, Any] | None
        if isinstance(self.error, CardError):
            error = self.error.to_dict()
        else:
            error = self.error

        method: dict[str, Any] | None
        if isinstance(self.method, MethodView):
            method = self.method.to_dict()
        else:
            method = self.method

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "setup_id": setup_id,
                "status": status,
                "client_secret": client_secret,
                "publishable_key": publishable_key,
                "next_action_url": next_action_url,
                "error": error,
                "method": method,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.card_error import CardError
        from ..models.method_view import MethodView

        d = dict(src_dict)
        setup_id = UUID(d.pop("setup_id"))

        status = SetupStatus(d.pop("status"))

        def _parse_client_secret(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        client_secret = _parse_client_secret(d.pop("client_secret"))

        publishable_key = d.pop("publishable_key")

        def _parse_next_action_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        next_action_url = _parse_next_action_url(d.pop("next_action_url"))

        def _parse_error(data: object) -> CardError | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                error_type_0 = CardError.from_dict(data)

                return error_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CardError | None, data)

        error = _parse_error(d.pop("error"))

        def _parse_method(data: object) -> MethodView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                method_type_0 = MethodView.from_dict(data)

                return method_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MethodView | None, data)

        method = _parse_method(d.pop("method"))

        setup_view = cls(
            setup_id=setup_id,
            status=status,
            client_secret=client_secret,
            publishable_key=publishable_key,
            next_action_url=next_action_url,
            error=error,
            method=method,
        )

        setup_view.additional_properties = d
        return setup_view

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

"""The table of permissions, and what a caller may by it."""

import pytest

from shared.auth.permissions import (
    OF_STAFF,
    PERMISSIONS,
    REFUSALS,
    SCOPES,
    Permission,
    PractitionerRequired,
    Role,
    StaffRequired,
    SuperuserRequired,
    scopes_of,
)
from shared.auth.verification import Caller
from shared.errors import Forbidden
from shared.records.ids import new_id


def caller(*roles: str, practises: bool = False) -> Caller:
    return Caller(new_id(), frozenset({"user", *roles}), new_id() if practises else None, new_id())


def test_every_permission_has_a_row_with_roles_and_a_refusal():
    assert set(PERMISSIONS) == set(Permission)
    assert all(roles and roles in REFUSALS for roles in PERMISSIONS.values())


def test_none_is_for_everybody_and_superusers_have_what_staff_have():
    for roles in PERMISSIONS.values():
        assert Role.USER not in roles
        assert Role.STAFF not in roles or Role.SUPERUSER in roles


@pytest.mark.parametrize(
    ("roles", "practises", "permission", "may"),
    [
        ((), False, Permission.WRITE_SERVICES, False),
        (("practitioner",), True, Permission.WRITE_SERVICES, True),
        (("practitioner",), False, Permission.WRITE_SERVICES, False),
        (("practitioner",), False, Permission.SEND_MANY_REQUESTS, False),
        (("staff",), False, Permission.WRITE_SERVICES, False),
        (("staff",), False, Permission.DECIDE_PAYOUTS, True),
        (("staff",), False, Permission.DEACTIVATE_STAFF, False),
        (("superuser",), False, Permission.DEACTIVATE_STAFF, True),
        (("superuser",), False, Permission.DECIDE_PAYOUTS, True),
        (("support",), False, Permission.READ_BOOKINGS, True),
        (("support",), False, Permission.REFUND_BOOKINGS, False),
        (("marketing",), False, Permission.READ_BOOKINGS, False),
        (("partner",), False, Permission.SEND_MANY_REQUESTS, True),
        (("a role of tomorrow",), True, Permission.SEND_MANY_REQUESTS, False),
    ],
)
def test_a_caller_may_what_a_role_of_theirs_may(roles, practises, permission, may):
    assert caller(*roles, practises=practises).may(permission) is may


@pytest.mark.parametrize(
    ("permission", "error"),
    [
        (Permission.WRITE_STREAMS, PractitionerRequired),
        (Permission.REFUND_BOOKINGS, StaffRequired),
        (Permission.DEACTIVATE_STAFF, SuperuserRequired),
        (Permission.SEND_MANY_REQUESTS, Forbidden),
    ],
)
def test_the_refusal_names_the_missing_role(permission, error):
    with pytest.raises(Forbidden) as refused:
        caller().demand(permission)
    assert type(refused.value) is error


def test_every_role_has_scopes_and_only_those_of_staff_have_some_for_what_belongs_to_others():
    assert set(SCOPES) == set(Role)
    office = {Role.SUPPORT, Role.MARKETING, Role.STAFF, Role.SUPERUSER}
    assert {role for role, scopes in SCOPES.items() if any(scope.startswith(OF_STAFF) for scope in scopes)} == office


def test_every_account_has_the_scopes_of_a_user():
    assert scopes_of(frozenset()) == scopes_of(frozenset({"user", "a role of tomorrow"})) == SCOPES[Role.USER]
    assert "figures.read" in scopes_of(frozenset({"practitioner"})) - scopes_of(frozenset({"user"}))


def test_a_narrowed_token_never_has_a_permission_of_staff():
    narrow = Caller(new_id(), frozenset({"user", "staff"}), None, new_id(), scopes=frozenset({"admin.payments.read"}))
    assert not narrow.may(Permission.READ_PAYOUTS)
    assert narrow.may(Permission.SEND_MANY_REQUESTS)

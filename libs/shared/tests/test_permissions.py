"""The table of permissions, and what a caller may by it."""

import pytest

from shared.auth.permissions import (
    PERMISSIONS,
    REFUSALS,
    Permission,
    PractitionerRequired,
    Role,
    StaffRequired,
    SuperuserRequired,
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

"""Conditions on people who are gone and on approvals."""

from typing import Any

from sqlalchemy import ColumnElement

from services.payments.people.models import Approval, Departure
from shared.database import people


def is_gone(user_id: Any) -> ColumnElement[bool]:
    """Whether that column names an account that is no more: staff alone decide what it is still paid."""
    return people.is_closed(Departure, user_id)


def has_lost_approval(practitioner_id: Any) -> ColumnElement[bool]:
    """Whether that column names a practitioner whose approval staff took back: payouts wait for staff."""
    return people.has_lost_approval(Approval, practitioner_id)

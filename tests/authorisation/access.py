"""Who calls, and what each of them may expect: the vocabulary of the tables in `rows/`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ROLES: Mapping[str, tuple[str, ...]] = {
    "client": ("user",),
    "other_client": ("user",),
    "practitioner": ("user", "practitioner"),
    "other_practitioner": ("user", "practitioner"),
    "partner": ("user", "partner"),
    "support": ("user", "support"),
    "marketing": ("user", "marketing"),
    "staff": ("user", "staff"),
    "superuser": ("user", "staff", "superuser"),
}
"""People with a token that is good. What is owned is the client's, or the practitioner's."""
PEOPLE = tuple(ROLES)
CALLERS = ("anonymous", *PEOPLE, "service", "deactivated", "suspended")
"""`service` has another service's token, the last two one whose session ended with what became of the account."""

PASSES = 0
"""Not refused: the row says with which status."""
Access = dict[str, int]


def only(*allowed: str, role: str = "") -> Access:
    """These people pass. Who lacks the role that is needed gets 403, everybody else signed in 404."""
    refused = {name: 403 if role and role not in ROLES[name] else 404 for name in PEOPLE}
    return dict.fromkeys(CALLERS, 401) | refused | dict.fromkeys(allowed, PASSES)


SIGNED_IN = only(*PEOPLE)
PRACTITIONERS = only("practitioner", "other_practitioner", role="practitioner")
OWN_PRACTITIONER = only("practitioner", role="practitioner")
STAFF = only("staff", "superuser", role="staff")
SUPERUSERS = only("superuser", role="superuser")
STAFF_OR_SUPPORT = only("staff", "superuser", "support", role="staff")
CLIENT = only("client")
PARTIES = only("client", "practitioner")
PUBLIC: Access = {**SIGNED_IN, "anonymous": PASSES}
"""Anyone, but a token that is sent along has to be good."""
OPEN: Access = dict.fromkeys(CALLERS, PASSES)
"""Anyone; a token is not looked at."""
INTERNAL: Access = {**dict.fromkeys(CALLERS, 401), "service": PASSES}
"""Other services alone: those that the row names, or all that may call this one."""


@dataclass(frozen=True)
class Row:
    """One operation and who passes.

    In `path`, `query` and `body` a `{name}` is an object of the market; `of` says which one, where it is not of the
    same name. `fresh` names an object that is made anew for each who passes, since the operation uses it up. `callers`
    are the services to which alone an operation between services answers, where these are not all that may call.
    """

    method: str
    path: str
    access: Access
    passes: tuple[int, ...] = (200,)
    body: Any = None
    query: str = ""
    of: Mapping[str, str] = field(default_factory=dict)
    fresh: str = ""
    confirmed: bool = False
    keyed: bool = False
    callers: tuple[str, ...] = ()

    @property
    def is_internal(self) -> bool:
        """Whether it is one between services."""
        return self.path.startswith("/internal/")

    @property
    def operation(self) -> tuple[str, str]:
        """Method and template, without the slash at the end."""
        return self.method, self.path.rstrip("/")

    def fits(self, caller: str, status: int) -> bool:
        """Whether that answer is what the caller may expect."""
        expected = self.access[caller]
        return status in self.passes if expected == PASSES else status == expected

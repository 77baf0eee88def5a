"""Who sent a request, and what they may."""

import time
from dataclasses import dataclass
from uuid import UUID

from shared.auth import permissions
from shared.auth.permissions import ImpersonationLimited, InsufficientScope, Permission, Role
from shared.errors import StepUpRequired

TWO_FACTORS = "aal2"
"""The `acr` of who used a second factor, or a passkey."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent the request, as the token says.

    `auth_time` is when the person last proved who they are, in seconds since 1970 (0: not known), which a refresh does
    not change; `acr` how well, `amr` by what (RFC 8176). `fresh_until` is until when that counts as lately. `factors`
    are the account's second factors, if they are on; `needs_factor`: its role asks for one, and none is on.

    `scopes` is None for a whole session; another token is narrowed to them: that of the client or API key `client_id`,
    or that of staff (`actor_id`) who act in the caller's place.
    """

    user_id: UUID
    roles: frozenset[str]
    practitioner_id: UUID | None
    session_id: UUID
    expires_at: float = 0.0
    auth_time: float = 0.0
    acr: str = "aal1"
    amr: frozenset[str] = frozenset()
    fresh_until: float = 0.0
    factors: frozenset[str] = frozenset()
    needs_factor: bool = False
    scopes: frozenset[str] | None = None
    client_id: str | None = None
    actor_id: UUID | None = None

    @property
    def is_delegated(self) -> bool:
        """Whether the token is narrower than a session: it never does what only staff may."""
        return self.scopes is not None

    def has_scope(self, scope: str | None) -> bool:
        """Whether a role of the caller has the scope now, and the token too; None is what only a session has."""
        if self.scopes is None:
            return scope is None or scope in permissions.scopes_of(self.roles)
        return scope in self.scopes and scope in permissions.scopes_of(self.roles)

    def demand_scope(self, scope: str | None) -> None:
        """Raises InsufficientScope, for staff in another's place ImpersonationLimited."""
        if not self.has_scope(scope):
            if self.actor_id is not None:
                raise ImpersonationLimited
            raise InsufficientScope(scope and f"This needs the scope {scope}.")

    @property
    def is_fresh(self) -> bool:
        """Whether the person proved who they are lately; where a second factor is on only its use counts."""
        return machine_seconds() <= self.fresh_until and (not self.factors or self.acr == TWO_FACTORS)

    def demand_fresh_factor(self) -> None:
        """Raises StepUpRequired where a second factor is on that was not used lately; others pass."""
        if self.factors and not self.is_fresh:
            raise StepUpRequired(sorted(self.factors))

    def may(self, permission: Permission) -> bool:
        """Whether a role of the caller has the permission; `practitioner` counts only with an id of theirs.

        Narrowed tokens have none for what belongs to others.
        """
        if self.is_delegated and permission.startswith(permissions.OF_STAFF):
            return False
        roles = self.roles if self.practitioner_id is not None else self.roles - {Role.PRACTITIONER}
        return permissions.has(roles, permission)

    def demand(self, permission: Permission) -> None:
        """Raises Forbidden, with the code of the missing role, for a caller without the permission."""
        if not self.may(permission):
            raise permissions.refusal_of(permission)


def machine_seconds() -> float:
    """Seconds since 1970 by the machine's clock."""
    return time.time()  # arch: allow machine-time: tokens live in machine time

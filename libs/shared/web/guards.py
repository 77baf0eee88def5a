"""Who a request comes from, and what refuses it before its body is read, in this order: token, role, scope,
confirmation, key, proof of late.

A guard is a dependency like others, so that it shows in the handler's signature and in the document; the route class
looks for those of a route and runs them first.
"""

from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from enum import IntEnum
from functools import cache
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.dependencies.models import Dependant

from shared.auth.permissions import ImpersonationLimited, InsufficientScope, Permission, refusal_of
from shared.auth.scopes import STAFF_BASE, needs_whole_session, scope_of
from shared.auth.token_extraction import token_of
from shared.auth.verification import Caller
from shared.database.idempotency import KeyRequired
from shared.errors import (
    AppError,
    CallerNotAllowed,
    ConfirmationRequired,
    FactorRequired,
    StepUpRequired,
    TokenExpired,
    Unauthenticated,
)
from shared.runtime import Runtime

Check = Callable[[Request], Awaitable[Any]]


class Order(IntEnum):
    """What is asked first, and what then."""

    TOKEN = 1
    ROLE = 2
    SCOPE = 3
    CONFIRMATION = 4
    KEY = 5
    PROOF_OF_LATE = 6


CHECKS: dict[Any, tuple[Order, Check]] = {}
"""What each dependency that is a guard asks of a request."""
OF_SERVICES: set[Any] = set()
"""The guards that look for another service, not for a person."""
NAMED: dict[Any, str] = {}
"""The scope that a dependency names for its route, in place of the rule's."""
DEMANDED: dict[Any, Permission] = {}
"""The permission that a dependency demands."""
REFUSALS: dict[Order, Sequence[type[AppError]]] = {
    Order.TOKEN: (Unauthenticated, TokenExpired),
    Order.SCOPE: (InsufficientScope, ImpersonationLimited),
    Order.CONFIRMATION: (ConfirmationRequired,),
    Order.KEY: (KeyRequired,),
    Order.PROOF_OF_LATE: (StepUpRequired,),
}
"""With what each guard refuses; that of a role says which one is missing."""


def guard(dependency: Any, order: Order, check: Check | None = None) -> Any:
    """Makes the dependency a guard with that place in the order; where it takes more than the request, with a check."""
    CHECKS[dependency] = (order, check or dependency)
    return dependency


async def maybe_signed(request: Request) -> Caller | None:
    """The caller, None without a token; a bad token is refused all the same.

    A narrowed token that lacks the scope of a public operation is as good as none.
    """
    if not hasattr(request.state, "caller"):
        token = token_of(request.scope)
        request.state.caller = None if token is None else await _caller(request, token)
    caller: Caller | None = request.state.caller
    return caller


async def _caller(request: Request, token: str) -> Caller:
    caller = await _runtime(request).verifier.user(token)
    if caller.needs_factor and request.url.path.startswith(STAFF_BASE):
        raise FactorRequired
    return caller


async def signed(request: Request) -> Caller:
    """The caller; 401 without a valid access token."""
    caller = await maybe_signed(request)
    if caller is None:
        raise Unauthenticated
    return caller


async def service_only(request: Request) -> None:
    """For `/internal` routers: 401 without a service token."""
    _runtime(request).verifier.service(token_of(request.scope) or "")


guard(maybe_signed, Order.TOKEN)
guard(signed, Order.TOKEN)
OF_SERVICES.add(guard(service_only, Order.TOKEN))


def called_by(*names: str) -> Any:
    """For `/internal` routers: 401 without a service token, 403 for that of another service than these."""
    return Depends(_calling(frozenset(names)))


@cache
def _calling(names: frozenset[str]) -> Callable[[Request], Coroutine[Any, Any, None]]:
    async def call(request: Request) -> None:
        caller = _runtime(request).verifier.service(token_of(request.scope) or "")
        if caller not in names:
            raise CallerNotAllowed(f"This is not for {caller}.")

    OF_SERVICES.add(guard(call, Order.TOKEN))
    return call


def needs(what: Permission | str) -> Any:
    """`Annotated[Caller, needs(Permission.X)]`: a caller who has it; 403 for others, before the body is read.

    With the name of a scope: a caller who has that scope, which takes the place of the rule's (`shared.auth.scopes`).
    """
    return Depends(_demanding(what) if isinstance(what, Permission) else _naming(what))


@cache
def _demanding(permission: Permission) -> Callable[[Request], Coroutine[Any, Any, Caller]]:
    async def demand(request: Request) -> Caller:
        caller = await signed(request)
        caller.demand(permission)
        return caller

    DEMANDED[guard(demand, Order.ROLE)] = permission
    return demand


@cache
def _naming(scope: str) -> Callable[[Request], Coroutine[Any, Any, Caller]]:
    async def name(request: Request) -> Caller:
        return await signed(request)

    NAMED[guard(name, Order.TOKEN)] = scope
    return name


async def proven(request: Request) -> None:
    """Somebody signed in; 403 where a second factor is on that was not used lately."""
    (await signed(request)).demand_fresh_factor()


guard(proven, Order.PROOF_OF_LATE)


async def in_person(request: Request) -> None:
    """Somebody signed in; 403 for staff who act in the place of another."""
    if (await signed(request)).actor_id is not None:
        raise ImpersonationLimited


guard(in_person, Order.SCOPE)


def confirmed(permission: Permission) -> Any:
    """For `dependencies=[...]`: 403 for a caller without the permission, then 428 without `X-Confirm-Action: true`,
    then 403 where a second factor is on that was not used lately."""
    return Depends(_confirming(permission))


@cache
def _confirming(permission: Permission) -> Callable[..., Coroutine[Any, Any, None]]:
    async def confirm(
        _: Annotated[Caller, needs(permission)],
        __: Annotated[None, Depends(proven)],
        x_confirm_action: Annotated[str | None, Header()] = None,
    ) -> None:
        demand_confirmation(x_confirm_action)

    async def check(request: Request) -> None:
        demand_confirmation(request.headers.get("x-confirm-action"))

    guard(confirm, Order.CONFIRMATION, check)
    return confirm


def demand_confirmation(header: str | None) -> None:
    """Demands `X-Confirm-Action: true`; 428 without it."""
    if header != "true":
        raise ConfirmationRequired


async def keyed(_: Annotated[Caller, Depends(signed)], idempotency_key: Annotated[str | None, Header()] = None) -> None:
    """Somebody signed in who sent an Idempotency-Key; 428 without one."""
    if idempotency_key is None:
        raise KeyRequired


async def _demand_key(request: Request) -> None:
    if "idempotency-key" not in request.headers:
        raise KeyRequired


guard(keyed, Order.KEY, _demand_key)


class Guards:
    """What is asked of the requests to one route."""

    def __init__(self, dependant: Dependant, path: str) -> None:
        """`path` is the route's template."""
        asked = dict.fromkeys(_calls(dependant))
        guards = [call for call in asked if call in CHECKS]
        self._path = path
        self._named = next((NAMED[call] for call in guards if call in NAMED), None)
        self._permissions = [DEMANDED[call] for call in guards if call in DEMANDED]
        self._orders = sorted({CHECKS[call][0] for call in guards})
        self.for_services = not OF_SERVICES.isdisjoint(guards)
        self.for_people = not {maybe_signed, *OF_SERVICES}.issuperset(guards)
        self.for_anyone = maybe_signed in asked and not self.for_people
        checks = [CHECKS[call] for call in guards]
        if self.for_people or self.for_anyone:
            checks.append((Order.SCOPE, self._demand_scope))
        self._checks = [check for _, check in sorted(checks, key=lambda one: one[0])]

    async def admit(self, request: Request) -> None:
        """Raises what the first guard raises that refuses the request."""
        for check in self._checks:
            await check(request)

    def scope(self, service: str, method: str) -> str | None:
        """The scope that the operation needs; None where it needs none."""
        return (self._named or scope_of(service, self._path, method)) if self.for_people else None

    def refusals(self, service: str, method: str) -> Iterator[type[AppError]]:
        """The errors that the guards of the operation raise."""
        if self.for_people or self.for_anyone:
            yield from REFUSALS[Order.TOKEN]
        for order in self._orders:
            yield from REFUSALS.get(order, ())
        yield from (refusal_of(permission) for permission in self._permissions)
        delegated = self.for_people or self.for_anyone
        if self.scope(service, method) or (delegated and needs_whole_session(self._path, method)):
            yield from REFUSALS[Order.SCOPE]

    async def _demand_scope(self, request: Request) -> None:
        caller = await maybe_signed(request)
        if caller is None:
            return
        if caller.is_delegated and needs_whole_session(self._path, request.method):
            raise InsufficientScope
        scope = self._named or scope_of(_runtime(request).service, self._path, request.method)
        if self.for_people:
            caller.demand_scope(scope)
        elif not caller.has_scope(scope):
            request.state.caller = None


def _calls(dependant: Dependant) -> Iterator[Any]:
    for needed in dependant.dependencies:
        yield needed.call
        yield from _calls(needed)


def _runtime(request: Request) -> Runtime:
    runtime: Runtime = request.app.state.runtime
    return runtime

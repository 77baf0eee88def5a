"""What follows from a request for a code. Times are machine time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

CODE_LIFE = timedelta(seconds=60)
USED_KEPT = timedelta(days=1)
"""For so long a second use of a code ends what the first gave."""
TWO_FACTORS = "aal2"


class Step(StrEnum):
    """What is next."""

    SIGN_IN = "sign_in"
    CONSENT = "consent"
    GIVE = "give"
    LOGIN_REQUIRED = "login_required"
    CONSENT_REQUIRED = "consent_required"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the client asks for, beside scopes; `max_age` in seconds, `subject` the only account that will do."""

    prompts: frozenset[str] = frozenset()
    max_age: int | None = None
    wants_two_factors: bool = False
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Present:
    """Who is signed in in the browser: when, how well, and whether they could do better."""

    subject: str
    authenticated_at: datetime
    acr: str
    has_second_factor: bool


def next_step(
    asked: Wishes, present: Present | None, *, is_allowed: bool, began_at: datetime | None, now: datetime
) -> Step:
    """What is next. A sign-in since `began_at`, when the first page of this request was shown, is the one asked for.

    `is_allowed`: nobody has to be asked, or they were.
    """
    silent = "none" in asked.prompts
    if present is not None and _is_another(asked, present):
        # Who has just signed in as somebody else is not asked for ever: the client gets nobody but whom it named.
        return Step.LOGIN_REQUIRED if silent or _is_new(present, began_at) else Step.SIGN_IN
    if present is None or _is_to_sign_in(asked, present, began_at, now):
        return Step.LOGIN_REQUIRED if silent else Step.SIGN_IN
    if not is_allowed:
        return Step.CONSENT_REQUIRED if silent else Step.CONSENT
    return Step.GIVE


def _is_another(asked: Wishes, present: Present) -> bool:
    return asked.subject not in (None, present.subject)


def _is_new(present: Present, began_at: datetime | None) -> bool:
    return began_at is not None and present.authenticated_at >= began_at


def _is_to_sign_in(asked: Wishes, present: Present, began_at: datetime | None, now: datetime) -> bool:
    if _is_new(present, began_at):
        return False
    too_long = asked.max_age is not None and now - present.authenticated_at > timedelta(seconds=asked.max_age)
    too_weak = asked.wants_two_factors and present.has_second_factor and present.acr != TWO_FACTORS
    return too_long or too_weak or bool(asked.prompts & {"login", "select_account"})


def is_allowed(
    scopes: Collection[str], granted: Collection[str], asked: Wishes, *, first_party: bool, answered: bool
) -> bool:
    """Whether the client may have the scopes without a question: it is ours, or the person said so before.

    `answered`: they say so now, which is what `prompt=consent` wants.
    """
    if answered:
        return True
    return "consent" not in asked.prompts and (first_party or set(scopes) <= set(granted))


def asked_of(prompt: str | None, max_age: str | None, acr_values: str | None) -> Wishes | None:
    """What the parameters say; None where they cannot be read, or contradict each other."""
    prompts = frozenset((prompt or "").split())
    if not prompts <= {"none", "login", "consent", "select_account"} or ("none" in prompts and len(prompts) > 1):
        return None
    if max_age is not None and not (max_age.isascii() and max_age.isdigit() and len(max_age) <= 9):
        return None
    first = (acr_values or "").split()[:1]
    return Wishes(prompts, None if max_age is None else int(max_age), first == [TWO_FACTORS])

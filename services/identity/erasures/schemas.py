"""Bodies about erasures."""

from collections.abc import Sequence
from typing import Annotated, Self
from uuid import UUID

from pydantic import StrictBool, StringConstraints

from services.identity.erasures.domain import ErasureStatus
from services.identity.erasures.models import Erasure, ErasureAnswer
from shared.web.http import Body, LongText, UtcTime, View


class ErasureWish(Body):
    """`forfeit_credits`: what is left of bought credits is given up."""

    forfeit_credits: StrictBool = False


class ErasureByStaff(Body):
    """Why staff erase a person, and whether at once; else it begins after the time that people have to change it."""

    reason: Annotated[LongText, StringConstraints(min_length=1, max_length=1000)]
    now: StrictBool = False


class OpenObligation(View):
    """What is still open: in which service, what, and how many of it."""

    service: str
    code: str
    count: int


class ErasurePreview(View):
    """When an erasure that is asked for now would begin, and what is open until then."""

    erases_at: UtcTime
    obligations: list[OpenObligation]


class ErasureView(View):
    """An erasure. It begins at `erases_at`, once nothing is open any more; `obligations` are those of the last look."""

    id: UUID
    status: ErasureStatus
    erases_at: UtcTime
    obligations: list[OpenObligation]


class KeptView(View):
    """What stays: which tables, why, and until when."""

    what: str
    why: str
    until: str


class ServiceProof(View):
    """What a service did; `done_at` is null while it has not answered."""

    name: str
    done_at: UtcTime | None = None
    erased: dict[str, int] | None = None
    kept: list[KeptView] | None = None


class ErasureProof(ErasureView):
    """An erasure with what every service did: who has not answered is what it waits for."""

    user_id: UUID
    created_at: UtcTime
    begun_at: UtcTime | None
    done_at: UtcTime | None
    services: list[ServiceProof]

    @classmethod
    def of(cls, erasure: Erasure, answers: Sequence[ErasureAnswer], names: Sequence[str]) -> Self:
        """The row with the answers, and the names of all services."""
        given = {answer.service: answer for answer in answers}
        fields = ("id", "status", "erases_at", "obligations", "user_id", "created_at", "begun_at", "done_at")
        services = [_proof(name, given.get(name)) for name in sorted({*names, *given})]
        return cls(services=services, **{name: getattr(erasure, name) for name in fields})


class RetentionView(View):
    """How long a service keeps what is in these tables; without a last run nothing deletes it by age."""

    what: str
    service: str
    keeps: str
    last_run_at: UtcTime | None
    last_count: int | None


def _proof(name: str, answer: ErasureAnswer | None) -> ServiceProof:
    if answer is None:
        return ServiceProof(name=name)
    kept = [KeptView(**one) for one in answer.kept]
    return ServiceProof(name=name, done_at=answer.done_at, erased=answer.erased, kept=kept)

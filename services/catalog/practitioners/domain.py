"""Rules of becoming a practitioner."""

from enum import StrEnum


class VerificationStatus(StrEnum):
    """The state of an application."""

    PENDING = "pending"
    APPROVED = "approved"
    NEEDS_CHANGES = "needs_changes"
    REJECTED = "rejected"


class Decision(StrEnum):
    """What staff may decide about an application."""

    APPROVE = "approve"
    NEEDS_CHANGES = "needs_changes"
    REJECT = "reject"


class Step(StrEnum):
    """The steps of onboarding that catalog itself knows, in their order."""

    PROFILE = "profile"
    VERIFICATION = "verification"
    FIRST_SERVICE = "first_service"


def completed_steps(status: VerificationStatus, *, has_service: bool) -> list[Step]:
    """An application is itself the profile; changes asked for by staff reopen it."""
    done = {
        Step.PROFILE: status is not VerificationStatus.NEEDS_CHANGES,
        Step.VERIFICATION: status is VerificationStatus.APPROVED,
        Step.FIRST_SERVICE: has_service,
    }
    return [step for step, is_done in done.items() if is_done]


def next_step(completed: list[Step]) -> Step | None:
    """The first step that is not done, None when all are."""
    return next((step for step in Step if step not in completed), None)


OUTCOMES: dict[Decision, VerificationStatus] = {
    Decision.APPROVE: VerificationStatus.APPROVED,
    Decision.NEEDS_CHANGES: VerificationStatus.NEEDS_CHANGES,
    Decision.REJECT: VerificationStatus.REJECTED,
}

# A change of the profile sends an application that needed changes back to staff; a rejected one is reopened by staff.
TRANSITIONS: dict[VerificationStatus, frozenset[VerificationStatus]] = {
    VerificationStatus.PENDING: frozenset(
        {VerificationStatus.APPROVED, VerificationStatus.NEEDS_CHANGES, VerificationStatus.REJECTED}
    ),
    VerificationStatus.NEEDS_CHANGES: frozenset(
        {VerificationStatus.PENDING, VerificationStatus.APPROVED, VerificationStatus.REJECTED}
    ),
    VerificationStatus.APPROVED: frozenset({VerificationStatus.NEEDS_CHANGES, VerificationStatus.REJECTED}),
    VerificationStatus.REJECTED: frozenset({VerificationStatus.NEEDS_CHANGES}),
}

"""The six families of errors and their one form, `application/problem+json` (RFC 9457)."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pydantic import BaseModel

ERRORS_LISTED = 20


class FieldError(BaseModel):
    """One reason, tied to a dotted path into the request (`price.amount`); "" means the body as a whole."""

    field: str
    message: str
    code: str


class Problem(BaseModel):
    """The body of every answer from 400 upwards; `errors_total` counts those that are not listed too."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    trace_id: str | None = None
    errors: list[FieldError] = []
    errors_total: int = 0


class AppError(Exception):
    """A refusal that the client may read. Subclasses are sentences (`SlotTaken`) with a stable `code`.

    `field`: the path into the request of the one field that it is always about.
    """

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Internal error"
    code: str = "internal_error"
    detail: str = "Something went wrong on our side."
    field: ClassVar[str | None] = None

    def __init__(
        self,
        detail: str | None = None,
        *,
        code: str | None = None,
        field: str | None = None,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        unlisted: int = 0,
    ) -> None:
        """With `field`, one entry of `errors` is made from the detail and code; its problem's code stays `code`.

        `unlisted` counts reasons that are not among `errors`.
        """
        self.detail = detail or self.detail
        self.code = code or self.code
        self.headers = dict(headers or {})
        self.errors, self.unlisted = list(errors), unlisted
        about = self.field if field is None else field
        if about is not None:
            self.errors.append(FieldError(field=about, message=self.detail, code=self.code))
        super().__init__(self.detail)

    def problem(self, trace_id: str | None = None) -> dict[str, Any]:
        """The RFC 9457 body; `type` is a relative reference that stays stable with the code."""
        return {
            "type": f"/problems/{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "trace_id": trace_id,
            "errors": [error.model_dump() for error in self.errors[:ERRORS_LISTED]],
            "errors_total": len(self.errors) + self.unlisted,
        }


class NotFound(AppError):
    """Absent, or another's: the two answers are the same on purpose."""

    status, title, code, detail = 404, "Not found", "not_found", "There is no such object."


class Conflict(AppError):
    """The request is well formed, but the present state does not allow it."""

    status, title, code, detail = 409, "Conflict", "conflict", "The present state does not allow this."


class Forbidden(AppError):
    """Signed in, but without the role that this needs."""

    status, title, code, detail = 403, "Forbidden", "forbidden", "Your account may not do this."


class CallerNotAllowed(Forbidden):
    """The service that asks may not, whoever it asks for."""

    code = "caller_not_allowed"


class ConflictOfInterest(Forbidden):
    """Staff who gain or lose by a decision cannot take it."""

    code, detail = "conflict_of_interest", "This concerns you yourself: another member of staff has to decide."


class StepUpRequired(Forbidden):
    """The caller proved who they are too long ago; the problem names the methods by which they can do so again.

    403, not 401: clients answer 401 by refreshing, which proves nothing.
    """

    code, detail = "step_up_required", "Sign in again before you do this."

    def __init__(self, methods: Sequence[str]) -> None:
        """`methods`: those that the account has."""
        super().__init__()
        self.methods = list(methods)

    def problem(self, trace_id: str | None = None) -> dict[str, Any]:
        """With `methods`."""
        return super().problem(trace_id) | {"methods": self.methods}


class FactorRequired(Forbidden):
    """What only staff may do asks for a second factor here, and the account has none."""

    code, detail = "mfa_required", "Turn on a second factor for your account first."


class PaymentMethodRequired(Conflict):
    """Something is to be charged to a saved card, and there is none, or none is named."""

    code, detail = "payment_method_required", "Save a card first, and name it."


class LimitReached(Conflict):
    """There are as many as there can be."""

    code, detail = "limit_reached", "There are as many as there can be. Remove one first."


class Invalid(AppError):
    """A field, or the request as a whole, cannot be accepted."""

    status, title, code, detail = 422, "Invalid request", "invalid", "The request has an invalid field."


class Unauthenticated(AppError):
    """No token, or one that is not valid now."""

    status, title, code, detail = 401, "Not signed in", "unauthenticated", "A valid access token is needed."

    def __init__(self, detail: str | None = None, **given: Any) -> None:
        """Adds the WWW-Authenticate header that RFC 9110 asks of a 401."""
        super().__init__(detail, **given)
        self.headers.setdefault("WWW-Authenticate", "Bearer")


class TokenExpired(Unauthenticated):
    """The token was good once."""

    code, detail = "token_expired", "The access token has expired or was revoked."


class Unavailable(AppError):
    """A part that is needed does not answer now; the outcome of a call to it is unknown, and a repeat is safe."""

    status, title, code, detail = 503, "Unavailable", "unavailable", "A needed part does not answer. Try again soon."

    def __init__(self, detail: str | None = None, **given: Any) -> None:
        """Adds Retry-After, in seconds."""
        super().__init__(detail, **given)
        self.headers.setdefault("Retry-After", "1")


class Overloaded(Unavailable):
    """More work than can be done now; nothing of this request was begun."""

    code, detail = "overloaded", "There is too much to do now. Nothing was done. Try again soon."


class ReadOnlyMode(Unavailable):
    """Writes are switched off, by READ_ONLY_MODE or `estuary read-only on`."""

    code, title = "read_only", "Read only"
    detail = "The platform is in read-only mode. Nothing was changed."

    def __init__(self, **given: Any) -> None:
        """Retry-After is a minute: maintenance is not over within a second."""
        super().__init__(headers={"Retry-After": "60"}, **given)


class ConfirmationRequired(AppError):
    """A staff action that moves money or acts for others, sent without `X-Confirm-Action: true`."""

    status, title, code = 428, "Confirmation required", "confirmation_required"
    detail = "Send the header X-Confirm-Action: true to confirm this action."


class TooManyAttempts(AppError):
    """Guessing or repeating too fast. Nothing was checked; `Retry-After` says in seconds when it may be tried again."""

    status, title, code = 429, "Too many attempts", "too_many_attempts"
    detail = "There were too many attempts. Try again later."


FAMILIES: dict[int, type[AppError]] = {
    error.status: error
    for error in (NotFound, Conflict, Forbidden, Invalid, Unauthenticated, Unavailable, ConfirmationRequired)
}


def from_problem(status: int, body: Mapping[str, Any]) -> AppError:
    """A peer's problem as the same family again in the caller; what is in no family means the peer is unwell."""
    family = FAMILIES.get(status)
    if family is None:
        return Unavailable(f"A peer answered {status}.")
    errors = [FieldError.model_validate(error) for error in body.get("errors", [])]
    return family(body.get("detail"), code=body.get("code"), errors=errors)

"""Stripe's errors: `{"error": {"type", "code", "message", "param", ...}}` with the status that Stripe gives them."""

from typing import Any

DOCS = "https://docs.stripe.com/error-codes/"


class StripeError(Exception):
    """A refusal without any effect: the call's transaction is rolled back and no idempotent answer is stored."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        **details: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        given = {"code": code, "doc_url": doc_url(code), "message": message, "param": param, "type": kind, **details}
        self.error = {name: value for name, value in given.items() if value is not None}

    def body(self) -> dict[str, Any]:
        """The JSON body of the answer."""
        return {"error": self.error}


def doc_url(code: str | None) -> str | None:
    """Where Stripe explains the code."""
    return f"{DOCS}{code.replace('_', '-')}" if code else None


def missing_resource(kind: str, identifier: str, param: str = "id", status: int = 404) -> StripeError:
    """No such object, or one of another account; 400 when the id came as a parameter instead of in the path."""
    return StripeError(f"No such {kind}: '{identifier}'", status=status, code="resource_missing", param=param)


def missing_param(name: str) -> StripeError:
    """A required parameter was not sent."""
    return StripeError(f"Missing required param: {name}.", code="parameter_missing", param=name)


def balance_insufficient() -> StripeError:
    """The account's available balance does not cover the transfer, reversal or payout."""
    return StripeError("You have insufficient available funds in your Stripe account.", code="balance_insufficient")

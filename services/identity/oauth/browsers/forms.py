"""Cookies and forms of the pages under /oauth/. A form shows that it came from our own page, opened in this browser."""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from services.identity.sessions.domain import new_refresh_token
from shared.records.clock import machine_now

BROWSER, FORM = "__Host-estuary-browser", "__Host-estuary-form"
FORM_LIFE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Cookies:
    """What a browser sent: by what it is signed in, and by what its forms are known."""

    browser: str | None
    form: str | None

    @classmethod
    def of(cls, request: Request) -> "Cookies":
        """Those of the request."""
        return cls(request.cookies.get(BROWSER) or None, request.cookies.get(FORM) or None)


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of one browser on one page; `cookie` is by what they are known, new where the browser has none.

    `page` is the page's whole address: a form of one request answers no other.
    """

    key: bytes
    cookie: str
    page: str

    @classmethod
    def of(cls, key: bytes, request: Request) -> "Forms":
        """Those of that browser on that page."""
        return cls.on_page(key, Cookies.of(request), f"{request.url.path.rstrip('/')}?{request.url.query}")

    @classmethod
    def on_page(cls, key: bytes, cookies: Cookies, page: str) -> "Forms":
        """Those of that browser on another page than the one that it asks for."""
        return cls(key, cookies.form or new_refresh_token(), page)

    def token(self, began_at: datetime | None) -> str:
        """What a form carries: when the first page of its request was shown, which is now where there is none."""
        at = int((began_at or machine_now()).timestamp())
        return f"{at}.{self._signature(at)}"

    def began_at(self, token: str) -> datetime | None:
        """When its first page was shown; None for a form of another browser or page, or older than an hour."""
        at, _, signature = token.partition(".")
        if not (at.isascii() and at.isdigit() and len(at) <= 12):
            return None
        if not hmac.compare_digest(signature.encode(), self._signature(int(at)).encode()):
            return None
        began_at = datetime.fromtimestamp(int(at), UTC)
        return began_at if machine_now() - began_at < FORM_LIFE else None

    def verifier(self, token: str) -> str:
        """Of a sign-in elsewhere that began with that form (RFC 7636): no other browser can finish it."""
        return self._derived(f"verifier {token}")

    def _signature(self, at: int) -> str:
        return self._derived(str(at))

    def _derived(self, text: str) -> str:
        digest = hmac.digest(self.key, f"{text} {self.cookie} {self.page}".encode(errors="replace"), "sha256")
        return urlsafe_b64encode(digest).rstrip(b"=").decode()


def keep_form(response: Response, forms: Forms) -> Response:
    """The browser keeps by what its forms are known, until it closes."""
    response.set_cookie(FORM, forms.cookie, secure=True, httponly=True, samesite="lax", path="/")
    return response


def keep_browser(response: Response, cookie: str | None, life: timedelta) -> Response:
    """The browser keeps by what it is signed in, for so long; without a cookie it forgets it."""
    if cookie is None:
        response.delete_cookie(BROWSER, secure=True, httponly=True, samesite="lax", path="/")
    else:
        age = int(life.total_seconds())
        response.set_cookie(BROWSER, cookie, max_age=age, secure=True, httponly=True, samesite="lax", path="/")
    return response

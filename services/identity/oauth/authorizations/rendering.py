"""What a use case says is next, as an answer to the browser."""

from starlette.responses import RedirectResponse, Response

from services.identity.oauth.authorizations import html
from services.identity.oauth.authorizations.html import NOT_REFUSED, Form, Refusal
from services.identity.oauth.authorizations.service import AskConsent, AskSignIn, Next, Refuse, SendBack, Visit
from services.identity.oauth.browsers.forms import Forms, keep_form
from services.identity.runtime import IdentityRuntime

PAGE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


def rendered(
    runtime: IdentityRuntime, shown: Next, forms: Forms, visit: Visit, refused: Refusal = NOT_REFUSED, email: str = ""
) -> Response:
    """The page, or the way on; `email` is the address that was given."""
    form = Form(forms.token(visit.began_at), forms.page)
    match shown:
        case SendBack(url):
            return RedirectResponse(url, 303, PAGE)
        case Refuse(why):
            return html.refusal_page(why)
        case AskSignIn(client_name, hint):
            page = html.sign_in_page(form, client_name, email or hint, runtime.providers.titles(), refused)
        case AskConsent(client_name, signed_in, scopes):
            page = html.consent_page(form, client_name, signed_in, scopes)
    return keep_form(page, forms)

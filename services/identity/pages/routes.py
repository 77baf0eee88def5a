"""HTTP of the pages. Opening one uses no token up: mail programs and scanners open every link."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import HTMLResponse

from services.identity.mail_tokens.errors import TokenInvalid
from services.identity.pages import service
from services.identity.pages.domain import TEXTS, PageName
from services.identity.pages.html import form_page, text_page
from services.identity.runtime import Rt
from services.identity.sessions.clients import ClientDep
from shared.errors import AppError
from shared.web.http import UnkeyedRoute

router = APIRouter(prefix="/account", route_class=UnkeyedRoute, include_in_schema=False)
LONGEST = 200


@router.get("/{page}/")
async def show(page: PageName, token: Annotated[str, Query(max_length=LONGEST)] = "") -> HTMLResponse:
    """The page with its button."""
    return form_page(TEXTS[page], token)


@router.post("/{page}/")
async def press(
    page: PageName,
    runtime: Rt,
    request: Request,
    client: ClientDep,
    *,
    token: Annotated[str, Form(max_length=LONGEST)],
    password: Annotated[str, Form(max_length=1000)] = "",
    first_name: Annotated[str, Form(max_length=1000)] = "",
    last_name: Annotated[str, Form(max_length=1000)] = "",
) -> HTMLResponse:
    """What the button does, and a page that says what came of it."""
    text = TEXTS[page]
    try:
        given = service.Given(token, password, first_name, last_name)
        await service.act(runtime, page, given, client, request.is_disconnected)
    except TokenInvalid as error:
        return text_page(text, error.detail, error.status)
    except AppError as error:
        return form_page(text, token, error.detail, error.status)
    return text_page(text, text.done)

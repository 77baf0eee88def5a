"""HTTP of the accounts that staff and support look for."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.identity.directory.repository import Accounts, AccountStatus
from services.identity.directory.schemas import AccountView, ListedAccount
from shared.auth.permissions import Permission, Role, StaffRequired
from shared.auth.verification import Caller
from shared.errors import NotFound
from shared.web.http import Route, SessionDep, errors_of, needs
from shared.web.pagination import Listing, Paging

router = APIRouter(prefix="/api/v1/admin/users", route_class=Route, tags=["accounts"])
Reader = Annotated[Caller, needs(Permission.READ_ACCOUNTS)]


@router.get("/", responses=errors_of(StaffRequired))
async def list_accounts(
    _: Reader, session: SessionDep, page: Paging, role: Role | None = None, status: AccountStatus | None = None
) -> Listing[ListedAccount]:
    """All accounts, newest first; `search` looks into addresses and names."""
    return Listing[ListedAccount].of(*await Accounts(session).list(page, role, status), page)


@router.get("/{user_id}/", responses=errors_of(StaffRequired, NotFound))
async def get_account(user_id: UUID, _: Reader, session: SessionDep) -> AccountView:
    """One account, in whatever state."""
    return AccountView.model_validate(await Accounts(session).get(user_id))

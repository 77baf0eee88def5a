"""HTTP of signing keys."""

from fastapi import APIRouter

from services.identity.keys import service
from services.identity.keys.schemas import KeySet
from shared.records.clock import machine_now
from shared.web.http import SessionDep, UnkeyedRoute

router = APIRouter(route_class=UnkeyedRoute, tags=["keys"])


@router.get("/.well-known/jwks.json")
@router.get("/.well-known/jwks.json/", include_in_schema=False)
async def get_signing_keys(session: SessionDep) -> KeySet:
    """The public keys of access tokens (ES256) and ID tokens."""
    return KeySet(keys=await service.published(session, machine_now()))

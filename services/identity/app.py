"""identity's wiring."""

from fastapi import FastAPI

from services.identity import privacy
from services.identity.accounts import routes as accounts
from services.identity.accounts.demo import demand_no_demo_accounts
from services.identity.accounts.passwords import Passwords
from services.identity.addresses import routes as addresses
from services.identity.api_keys import routes as api_keys
from services.identity.audit import consumers as audit_consumers
from services.identity.audit import routes as audit
from services.identity.consents import jobs as consent_jobs
from services.identity.consents import routes as consents
from services.identity.deactivations import routes as deactivations
from services.identity.directory import routes as directory
from services.identity.edge import jobs as edge_jobs
from services.identity.edge import routes as edge
from services.identity.erasures import consumers as erasure_consumers
from services.identity.erasures import jobs as erasure_jobs
from services.identity.erasures import routes as erasures
from services.identity.exports import jobs as export_jobs
from services.identity.exports import routes as exports
from services.identity.factors import jobs as factor_jobs
from services.identity.impersonations import routes as impersonations
from services.identity.invitations import jobs as invitation_jobs
from services.identity.invitations import routes as invitations
from services.identity.keys import jobs as key_jobs
from services.identity.keys import routes as keys
from services.identity.keys.keyring import Keyring, derived_key
from services.identity.keys.models import DataKey
from services.identity.mails import jobs as mail_jobs
from services.identity.mails import routes as mails
from services.identity.mfa import routes as mfa
from services.identity.oauth.authorizations import jobs as oauth_jobs
from services.identity.oauth.authorizations import routes as authorizations
from services.identity.oauth.browsers import consumers as browser_consumers
from services.identity.oauth.clients import routes as oauth_clients
from services.identity.oauth.discovery import routes as discovery
from services.identity.oauth.handoffs import jobs as handoff_jobs
from services.identity.oauth.handoffs import routes as handoffs
from services.identity.oauth.logouts import routes as logouts
from services.identity.oauth.notices import jobs as notice_jobs
from services.identity.oauth.tokens import routes as oauth_tokens
from services.identity.pages import routes as pages
from services.identity.passkeys import routes as passkeys
from services.identity.password_changes import routes as password_changes
from services.identity.providers.registry import Providers
from services.identity.roles import routes as roles
from services.identity.runtime import IdentityRuntime
from services.identity.second_steps import routes as second_steps
from services.identity.sessions import jobs as session_jobs
from services.identity.sessions import routes as sessions
from services.identity.settings import IdentitySettings
from services.identity.social import jobs as social_jobs
from services.identity.social import routes as social
from services.identity.staff import consumers as staff_consumers
from services.identity.staff import routes as staff
from services.identity.suspensions import routes as suspensions
from shared.database.sealing import Sealing
from shared.outside import Outside
from shared.runtime import Runtime
from shared.web.app import build

ROUTERS = [
    sessions.router,
    second_steps.router,
    mfa.router,
    mfa.admin,
    passkeys.router,
    social.router,
    accounts.router,
    keys.router,
    staff.router,
    deactivations.router,
    roles.router,
    roles.admin,
    impersonations.router,
    invitations.router,
    invitations.admin,
    directory.router,
    suspensions.router,
    api_keys.router,
    oauth_clients.router,
    discovery.router,
    authorizations.router,
    oauth_tokens.router,
    logouts.router,
    handoffs.router,
    handoffs.pages,
    addresses.router,
    password_changes.router,
    pages.router,
    audit.router,
    consents.router,
    consents.admin,
    exports.router,
    erasures.router,
    erasures.admin,
    accounts.internal,
    staff.internal,
    api_keys.internal,
    edge.internal,
    mails.internal,
]
CONSUMERS = {
    **staff_consumers.CONSUMERS,
    **audit_consumers.CONSUMERS,
    **browser_consumers.CONSUMERS,
    **privacy.CONSUMERS,
    **erasure_consumers.CONSUMERS,
}
JOBS = {
    **key_jobs.JOBS,
    **session_jobs.JOBS,
    **edge_jobs.JOBS,
    **invitation_jobs.JOBS,
    **mail_jobs.JOBS,
    **factor_jobs.JOBS,
    **social_jobs.JOBS,
    **oauth_jobs.JOBS,
    **handoff_jobs.JOBS,
    **notice_jobs.JOBS,
    **export_jobs.JOBS,
    **consent_jobs.JOBS,
    **erasure_jobs.JOBS,
}


def create_app(runtime: Runtime) -> FastAPI:
    """The identity service; its first start makes the first signing key."""
    settings = IdentitySettings.of(runtime.env)
    secret = settings.secret.get_secret_value()
    sealing = Sealing(DataKey, settings.wrapping())
    own = IdentityRuntime.of(
        runtime,
        settings=settings,
        passwords=Passwords(settings),
        keyring=Keyring(sealing),
        sealing=sealing,
        refresh_key=derived_key(secret, "estuary identity refresh tokens"),
        mail_token_key=derived_key(secret, "estuary identity mail tokens"),
        social_key=derived_key(secret, "estuary identity social sign-in"),
        form_key=derived_key(secret, "estuary identity forms"),
        providers=Providers(settings),
        outside=Outside(settings.reachable_hosts),
    )

    async def check_accounts() -> None:
        if not settings.stand_ins:
            async with own.db.read() as session:
                await demand_no_demo_accounts(session)

    async def make_first_key() -> None:
        await own.keyring.signer(own.db)

    return build(
        own,
        title="Estuary identity",
        routers=ROUTERS,
        consumers={**CONSUMERS, **erasure_consumers.consumers_with(own)},
        privacy=privacy.PRIVACY,
        jobs=JOBS,
        on_start=[check_accounts, make_first_key],
        on_stop=[own.providers.close],
    )

"""What identity holds of people: every column of its schema."""

from collections.abc import Collection
from uuid import UUID

from services.identity.accounts.repository import Users
from services.identity.factors.service import delete_factors
from services.identity.invitations.repository import Invitations
from services.identity.social.links import erase_links
from shared.database.privacy import ATTEMPTS, THROTTLE, whole
from shared.database.session import Session
from shared.events.identity import ErasureRequested
from shared.records.privacy import Register, kept, table
from shared.work.erasure import Privacy, consumers_of

SIGNED_IN = kept("tokens of an ended session are refused, and 'who was signed in when' is answered", "30 days")
AGREED = kept("shows that somebody agreed, by the id alone", "3 years after the account's end")
PROOF = kept("proves the erasure, by ids and counts alone", "for good")
LAST = kept("the address, sealed, for the one last mail", "72 hours after the end of the erasure")
OF_SESSION = "session_id in (select id from identity.sign_in_sessions where user_id = :person)"

OWN_ADDRESS = "(select email from identity.users where id = :person)"
OF_IDENTITY = "(issuer, subject) in (select issuer, subject from identity.social_identities where user_id = :person)"

REGISTER: Register = whole(
    {
        "consent_documents": table(neither="purpose version title text required effective_at created_at"),
        "consents": table(
            "user_id = :person",
            kept={AGREED: "id user_id purpose version decision scope_kind scope_id created_at"},
        ),
        "api_keys": table(
            "user_id = :person",
            personal="id user_id session_id name hash scopes created_at expires_at last_used_at ended_at",
        ),
        "audit_heads": table(neither="service number hash received_at"),
        "app_grants": table("user_id = :person", personal="user_id client_id scopes created_at"),
        "data_keys": table(neither="id wrapped wrapped_by created_at"),
        "erasure_answers": table(
            "erasure_id in (select id from identity.erasures where user_id = :person)",
            kept={PROOF: "erasure_id service done_at erased kept"},
        ),
        "erasures": table(
            "user_id = :person",
            kept={
                PROOF: "id user_id status asked_by erases_at forfeit_credits obligations created_at begun_at done_at"
                " cancelled_at",
                LAST: "recipient",
            },
            neither=ATTEMPTS,
        ),
        "export_parts": table(
            "export_id in (select id from identity.exports where user_id = :person)",
            personal="id export_id service rows sha256 contents",
        ),
        "exports": table("user_id = :person", personal=f"id user_id status created_at ready_at expires_at {ATTEMPTS}"),
        "mail_tokens": table(
            f"user_id = :person or (user_id is null and address = {OWN_ADDRESS})",
            personal="id kind user_id address session_id created_at expires_at announced_at used_at superseded_at"
            " recipient",
        ),
        "oauth_clients": table(
            also="owner_id = :person",
            ids="owner_id",
            neither="id name redirect_uris post_logout_redirect_uris backchannel_logout_uri initiate_login_uri"
            " grant_types scopes first_party public id_token_alg secret_hash former_hash former_until session_id"
            " created_at updated_at",
        ),
        "oauth_browsers": table(OF_SESSION, personal="session_id hash"),
        "oauth_codes": table(
            "user_id = :person",
            personal="hash client_id user_id browser_id redirect_uri scopes nonce challenge expires_at used_at"
            " session_id",
        ),
        "oauth_handoffs": table("user_id = :person", personal="hash user_id client_id session_id expires_at used_at"),
        "oauth_logout_notices": table(
            "user_id = :person", personal=f"id session_id client_id user_id created_at {ATTEMPTS}"
        ),
        "oauth_sessions": table(OF_SESSION, personal="session_id browser_id is_offline"),
        "passkeys": table(
            "user_id = :person",
            personal="id user_id credential_id public_key sign_count name backed_up transports created_at last_used_at",
        ),
        "recovery_codes": table("user_id = :person", personal="user_id hash created_at"),
        "provider_tokens": table(neither=f"id provider token created_at {ATTEMPTS}"),
        "read_only_switch": table(neither="id is_on changed_at"),
        "refresh_tokens": table(
            OF_SESSION, neither="hash replaced_by", kept={SIGNED_IN: "session_id issued_at expires_at used_at"}
        ),
        "sign_in_sessions": table(
            "user_id = :person",
            personal="address network device",
            kept={
                SIGNED_IN: "id user_id kind started_at expires_at ended_at authenticated_at last_used_at methods"
                " end_reason client_id client_name actor_id scopes"
            },
        ),
        "signing_keys": table(neither="kid algorithm public_jwk private_key signs_from"),
        "social_attempts": table(
            f"user_id = :person or {OF_IDENTITY}",
            personal="id provider mode step hash id_token_hash user_id redirect_uri code_challenge issuer subject email"
            " is_email_good first_name last_name token_id created_at expires_at",
        ),
        "social_identities": table(
            "user_id = :person", personal="id user_id provider issuer subject token_id created_at"
        ),
        "staff_invitations": table(
            f"accepted_by = :person or email = {OWN_ADDRESS}",
            personal="id email roles invited_by mail_id created_at expires_at accepted_at accepted_by withdrawn_at",
        ),
        "throttle": THROTTLE,
        "tickets": table("user_id = :person", personal="hash purpose user_id methods challenge wrong expires_at"),
        "totp_factors": table("user_id = :person", personal="user_id secret created_at confirmed_at last_step"),
        "users": table(
            "id = :person",
            personal="email password_hash first_name last_name timezone phone bio location locale preferences"
            " providers",
            ids="id practitioner_id created_at updated_at suspended_at deactivated_at",
            neither="second_factors is_verified is_staff is_superuser granted_roles practitioner_version",
            instead={
                "email": "id || '@erased.invalid'",
                "first_name": "'Erased'",
                "last_name": "'account'",
            },
        ),
    }
)


async def erase(session: Session, event: ErasureRequested) -> Collection[UUID]:
    """Providers are asked to revoke what they gave, and factors end with the proofs that are under way.

    Invitations are theirs: answers to who made them show the address.
    """
    user = await Users(session).find(event.user_id, lock=True)
    if user is None:
        return ()
    await erase_links(session, user)
    await delete_factors(session, user)
    return await Invitations(session).ids_of(user.id, user.email)


PRIVACY = Privacy(REGISTER, erase)
CONSUMERS = consumers_of(PRIVACY)

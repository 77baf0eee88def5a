"""Clients of the provider, what people allowed them, their sessions, and keys of a second algorithm."""

from shared.database.migrate import execute_all

revision = "identity_0021"
down_revision = "identity_0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keys and sessions from before are as they were. The defaults stay, for the release before that runs beside."""
    execute_all(CHANGES)


CHANGES = [
    """
    alter table identity.signing_keys add column algorithm varchar(32) not null default 'ES256'
        constraint ck_signing_keys_algorithm check (algorithm in ('ES256', 'RS256'))
    """,
    "alter table identity.sign_in_sessions drop constraint ck_sign_in_sessions_kind",
    """
    alter table identity.sign_in_sessions
        add column client_id uuid,
        add column client_name varchar(100),
        add column scopes text[] not null default '{}',
        add constraint ck_sign_in_sessions_kind check (kind in ('sign_in', 'app', 'api_key', 'impersonation')),
        add constraint ck_sign_in_sessions_client
            check (kind <> 'app' or (client_id is not null and client_name is not null))
    """,
    "create index ix_sign_in_sessions_client_id on identity.sign_in_sessions (client_id)",
    "alter table identity.sign_in_sessions drop constraint ck_sign_in_sessions_end_reason",
    """
    alter table identity.sign_in_sessions add constraint ck_sign_in_sessions_end_reason check (end_reason in (
        'logout', 'refresh_reused', 'deactivated', 'role_taken', 'password_changed', 'email_changed', 'ended',
        'key_ended', 'suspended', 'revoked', 'code_reused', 'client_removed'))
    """,
    """
    create table identity.oauth_clients (
        id uuid constraint pk_oauth_clients primary key,
        name varchar(100) not null,
        redirect_uris text[] not null,
        post_logout_redirect_uris text[] not null,
        backchannel_logout_uri text,
        initiate_login_uri text,
        grant_types text[] not null constraint ck_oauth_clients_grant_types check (cardinality(grant_types) > 0),
        scopes text[] not null,
        owner_id uuid constraint fk_oauth_clients_owner_id references identity.users (id),
        first_party boolean not null,
        public boolean not null,
        id_token_alg varchar(32) not null
            constraint ck_oauth_clients_id_token_alg check (id_token_alg in ('ES256', 'RS256')),
        secret_hash bytea
            constraint ck_oauth_clients_secret_hash check (secret_hash is null or length(secret_hash) = 32),
        former_hash bytea,
        former_until timestamptz,
        session_id uuid constraint uq_oauth_clients_session_id unique
            constraint fk_oauth_clients_session_id references identity.sign_in_sessions (id) on delete set null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        constraint ck_oauth_clients_former check ((former_hash is null) = (former_until is null)),
        constraint ck_oauth_clients_public check (not (public and secret_hash is not null))
    )
    """,
    "create index ix_oauth_clients_owner_id on identity.oauth_clients (owner_id)",
    """
    create table identity.app_grants (
        user_id uuid not null constraint fk_app_grants_user_id references identity.users (id),
        client_id uuid not null constraint fk_app_grants_client_id
            references identity.oauth_clients (id) on delete cascade,
        scopes text[] not null constraint ck_app_grants_scopes check (cardinality(scopes) > 0),
        created_at timestamptz not null,
        constraint pk_app_grants primary key (user_id, client_id)
    )
    """,
    "create index ix_app_grants_client_id on identity.app_grants (client_id)",
]

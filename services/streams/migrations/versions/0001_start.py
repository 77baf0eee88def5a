"""Streams with tiers and followers, posts with polls, comments, likes, saves, and people's short names."""

from shared.database.migrate import create_system_tables, execute_all

revision = "streams_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates everything."""
    create_system_tables("streams")
    execute_all([FOLD, *STREAMS, *POSTS, *COMMENTS])


# unaccent is only STABLE (a dictionary can be exchanged); naming the dictionary makes it as good as immutable.
FOLD = """
    create function streams.fold(given text) returns text language sql immutable parallel safe strict
    return lower(public.unaccent('public.unaccent'::regdictionary, given))
"""

STREAMS = [
    """
    create table streams.streams (
        id uuid constraint pk_streams primary key,
        practitioner_id uuid not null,
        owner_id uuid not null,
        title varchar(200) not null,
        description text not null constraint ck_streams_description check (length(description) <= 10000),
        created_at timestamptz not null,
        updated_at timestamptz not null,
        folded text not null generated always as (streams.fold(title || ' ' || description)) stored,
        constraint uq_streams_id_owner_id unique (id, owner_id)
    )""",
    "create index ix_streams_created_at on streams.streams (created_at, id)",
    "create index ix_streams_owner_id on streams.streams (owner_id)",
    "create index ix_streams_practitioner_id on streams.streams (practitioner_id)",
    "create index ix_streams_folded on streams.streams using gin (folded public.gin_trgm_ops)",
    "create index ix_streams_words on streams.streams using gin (to_tsvector('english'::regconfig, folded))",
    """
    create table streams.tiers (
        stream_id uuid not null constraint fk_tiers_stream_id references streams.streams (id) on delete cascade,
        level integer not null constraint ck_tiers_level check (level between 0 and 100),
        name varchar(80) not null,
        price_amount bigint not null constraint ck_tiers_price check (price_amount between 0 and 99999999),
        currency varchar(3) not null,
        constraint pk_tiers primary key (stream_id, level),
        constraint ck_tiers_free check (level > 0 or price_amount = 0)
    )""",
    """
    create table streams.follows (
        stream_id uuid not null constraint fk_follows_stream_id references streams.streams (id) on delete cascade,
        user_id uuid not null,
        tier_level integer not null,
        created_at timestamptz not null,
        constraint pk_follows primary key (stream_id, user_id),
        constraint fk_follows_stream_id_tier_level
            foreign key (stream_id, tier_level) references streams.tiers (stream_id, level)
    )""",
    "create index ix_follows_user_id on streams.follows (user_id, created_at)",
    "create index ix_follows_tier on streams.follows (stream_id, tier_level)",
    *(
        statement
        for table in ("stream_likes", "stream_saves")
        for statement in (
            f"""
            create table streams.{table} (
                stream_id uuid not null constraint fk_{table}_stream_id
                    references streams.streams (id) on delete cascade,
                user_id uuid not null,
                created_at timestamptz not null,
                constraint pk_{table} primary key (stream_id, user_id)
            )""",
            f"create index ix_{table}_user_id on streams.{table} (user_id)",
        )
    ),
]

POSTS = [
    """
    create table streams.posts (
        id uuid constraint pk_posts primary key,
        stream_id uuid not null,
        owner_id uuid not null,
        title varchar(200) not null,
        body text not null constraint ck_posts_body check (length(body) <= 10000),
        teaser varchar(500),
        post_type varchar(32) not null constraint ck_posts_post_type
            check (post_type in ('text', 'gallery', 'video', 'audio', 'poll')),
        tier_level integer not null,
        status varchar(32) not null constraint ck_posts_status check (status in ('draft', 'scheduled', 'published')),
        published_at timestamptz,
        closes_at timestamptz,
        announced_up_to uuid,
        announced_at timestamptz,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        head text not null generated always as (streams.fold(title || ' ' || coalesce(teaser, ''))) stored,
        whole text not null generated always as (
            streams.fold(title || ' ' || coalesce(teaser, '') || ' ' || body)
        ) stored,
        constraint fk_posts_stream_id foreign key (stream_id, owner_id)
            references streams.streams (id, owner_id) on delete cascade,
        constraint fk_posts_stream_id_tier_level
            foreign key (stream_id, tier_level) references streams.tiers (stream_id, level),
        constraint ck_posts_published_at check ((status = 'draft') = (published_at is null)),
        constraint ck_posts_announced check (announced_at is null or status = 'published')
    )""",
    "create index ix_posts_newest on streams.posts (stream_id, published_at desc, id desc)",
    "create index ix_posts_tier on streams.posts (stream_id, tier_level)",
    "create index ix_posts_due on streams.posts (published_at) where status = 'scheduled'",
    """create index ix_posts_unannounced on streams.posts (published_at, id)
        where status = 'published' and announced_at is null""",
    """
    create table streams.post_likes (
        post_id uuid not null constraint fk_post_likes_post_id references streams.posts (id) on delete cascade,
        user_id uuid not null,
        created_at timestamptz not null,
        constraint pk_post_likes primary key (post_id, user_id)
    )""",
    "create index ix_post_likes_user_id on streams.post_likes (user_id)",
    """
    create table streams.poll_options (
        id uuid constraint pk_poll_options primary key,
        post_id uuid not null constraint fk_poll_options_post_id references streams.posts (id) on delete cascade,
        position integer not null,
        text varchar(200) not null,
        constraint uq_poll_options_post_id_id unique (post_id, id),
        constraint uq_poll_options_post_id_position unique (post_id, position)
    )""",
    """
    create table streams.votes (
        post_id uuid not null,
        user_id uuid not null,
        option_id uuid not null,
        created_at timestamptz not null,
        constraint pk_votes primary key (post_id, user_id),
        constraint fk_votes_post_id_option_id foreign key (post_id, option_id)
            references streams.poll_options (post_id, id) on delete cascade
    )""",
    "create index ix_votes_user_id on streams.votes (user_id)",
    "create index ix_votes_option_id on streams.votes (post_id, option_id)",
]

COMMENTS = [
    """
    create table streams.comments (
        id uuid constraint pk_comments primary key,
        stream_id uuid not null constraint fk_comments_stream_id references streams.streams (id) on delete cascade,
        post_id uuid constraint fk_comments_post_id references streams.posts (id) on delete cascade,
        parent_id uuid constraint fk_comments_parent_id references streams.comments (id) on delete cascade,
        author_id uuid not null,
        body text not null constraint ck_comments_body check (length(body) between 1 and 10000),
        created_at timestamptz not null
    )""",
    "create index ix_comments_post_id on streams.comments (post_id, created_at, id) where post_id is not null",
    "create index ix_comments_stream_id on streams.comments (stream_id, created_at, id) where post_id is null",
    "create index ix_comments_of_stream on streams.comments (stream_id)",
    "create index ix_comments_parent_id on streams.comments (parent_id) where parent_id is not null",
    "create index ix_comments_author_id on streams.comments (author_id)",
    """
    create table streams.people (
        user_id uuid constraint pk_people primary key,
        display_name varchar(120)
    )""",
    "create index ix_people_unnamed on streams.people (user_id) where display_name is null",
]

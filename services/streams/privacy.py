"""What streams holds of people: every column of its schema, and how they are erased."""

from services.streams.erasure import erase
from shared.database.privacy import ATTEMPTS, whole
from shared.records.privacy import Register, kept, table
from shared.work.erasure import Privacy, consumers_of

OF_STREAM = "stream_id in (select id from streams.streams where owner_id = :person)"
OF_POST = "post_id in (select id from streams.posts where owner_id = :person)"
OF_PRACTITIONER = "practitioner_id = :practitioner"
UNTIL_SENT = kept("payments has to learn that a tier is not sold any more", "until it has, by itself, in seconds")

REGISTER: Register = whole(
    {
        "approvals": table(OF_PRACTITIONER, ids="practitioner_id", neither="version is_approved"),
        "comments": table("author_id = :person", personal="id stream_id post_id parent_id author_id body created_at"),
        "deactivated_users": table("user_id = :person", ids="user_id created_at"),
        "fan_subscriptions": table(
            "user_id = :person", personal="id stream_id user_id level status access_until version"
        ),
        "follows": table("user_id = :person", personal="stream_id user_id tier_level created_at"),
        "plan_updates": table(
            OF_PRACTITIONER,
            kept={UNTIL_SENT: "stream_id level practitioner_id name price_amount currency is_active created_at"},
            neither=f"id is_gone version {ATTEMPTS}",
        ),
        "poll_options": table(OF_POST, personal="id post_id position text"),
        "post_likes": table("user_id = :person", personal="post_id user_id created_at"),
        "posts": table(
            "owner_id = :person",
            personal="id stream_id owner_id title body teaser post_type tier_level status published_at closes_at"
            " announced_up_to announced_at created_at updated_at head whole head_words whole_words",
        ),
        "stream_likes": table("user_id = :person", personal="stream_id user_id created_at"),
        "stream_saves": table("user_id = :person", personal="stream_id user_id created_at"),
        "streams": table(
            "owner_id = :person",
            personal="id practitioner_id owner_id title description tiers_version created_at updated_at folded words",
        ),
        "suspensions": table("user_id = :person", ids="user_id", neither="is_suspended changed_at"),
        "tiers": table(OF_STREAM, personal="stream_id level name price_amount currency"),
        "users": table("user_id = :person", personal="user_id display_name"),
        "votes": table("user_id = :person", personal="post_id user_id option_id created_at"),
    }
)

PRIVACY = Privacy(REGISTER, erase)
CONSUMERS = consumers_of(PRIVACY)

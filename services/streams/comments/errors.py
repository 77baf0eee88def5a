"""What comments refuse."""

from shared.errors import Invalid


class NoReplyToReply(Invalid):
    """Replies are one level deep."""

    code, detail = "reply_to_reply", "A reply cannot be replied to; reply to the comment above it."
    field = "parent_id"

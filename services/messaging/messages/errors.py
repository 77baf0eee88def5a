"""What messages refuse, and the stable codes of it."""

from shared.errors import Conflict


class ConversationClosed(Conflict):
    """Staff closed the conversation, or no other participant has an account."""

    code, detail = "conversation_closed", "This conversation is closed: you can read it, not write to it."

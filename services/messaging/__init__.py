"""messaging: conversations, messages and receipts, the chat socket, blocks, reports and their moderation.

Owns conversations; has projections of names (identity), of verified practitioners (catalog), of confirmed bookings.
Events out: MessageCreated, ConversationRead, SubjectForgotten. Events in: identity's users, catalog's practitioners,
BookingConfirmed.
Folders by noun, each standing on those before it: `directory/`, `participants/`, `messages/`, `conversations/`,
`live/` (the chat socket), `moderation/`.
"""

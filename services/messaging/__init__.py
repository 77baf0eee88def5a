"""messaging: conversations, their messages and receipts, the chat socket, blocks, reports and their moderation.

Owns conversations; keeps copies of names (identity), of who is a verified practitioner (catalog), of who has booked.
Events out: MessageCreated, ConversationRead, SubjectForgotten. Events in: identity's users, catalog's verifications,
BookingConfirmed.
Read `domain`, then `service`, then `rooms` (what the sockets of one process share), then `chat` (what a socket says).
"""

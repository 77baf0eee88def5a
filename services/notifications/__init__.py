"""Delivery to people: mail, the in-app list, and the live feeds of bookings and notifications.

Owns notifications, mails, reminders, preferences, stored frames, who has unread messages; keeps copies of addresses and
of booked times.
Events out: NotificationCreated. Events in: identity's users, catalog's verifications, booking's bookings and sessions,
payments' refunds, payouts and lost disputes, messaging's messages and receipts, streams' posts and
comments.
"""

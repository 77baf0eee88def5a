"""streams: what creators publish, for everyone or from a tier upwards, and what their followers do with it.

Owns streams, tiers, followers, posts, polls, comments, likes, saves; has projections of users' short names
(identity), of approvals (catalog) and of subscriptions (payments, which sells the paid tiers). Events out:
PostPublished, PostAnnounced, PostDeleted, CommentCreated. Events in: identity's users, PractitionerVerificationChanged,
payments' subscriptions.
`entitlement/` decides who may see a post, for every way out. Folders by noun, each standing on those before it:
`directory/`, `reactions/`, `tiers/`, `subscriptions/`, `follows/`, `comments/`, `streams/`, `entitlement/`, `posts/`.
"""

"""streams: what creators publish, for everyone or from a tier upwards, and what their followers do with it.

Owns streams, tiers, followers, posts, polls, comments, likes, saves; has projections of users' short names (identity)
and of approvals (catalog). Events out: PostPublished, PostAnnounced, PostDeleted, CommentCreated. Events in: identity's
users, PractitionerVerificationChanged.
`entitlement/` decides who may see a post, for every way out. Folders by noun, each standing on those before it:
`directory/`, `reactions/`, `tiers/`, `follows/`, `comments/`, `streams/`, `entitlement/`, `posts/`.
"""

"""streams: what creators publish, for everyone or from a tier upwards, and what their followers do with it.

Owns streams, tiers, followers, posts, polls, comments, likes, saves; keeps a copy of people's short names.
Events out: PostPublished, PostAnnounced, CommentCreated. Events in: identity's users,
PractitionerVerificationChanged.
`entitlement.py` decides who may see a post, for every way out. Folders by noun: `channels/` (what the API calls
streams), `posts/`, `follows/`, `comments/`, `reactions/`.
"""

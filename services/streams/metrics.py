"""Metrics of streams."""

from prometheus_client import Counter

POSTS_PUBLISHED = Counter("estuary_streams_published_posts", "Posts that became visible", ["post_type"])
RECIPIENTS = Counter("estuary_streams_announced_recipients", "Followers who were notified of a new post")
COMMENTS = Counter("estuary_streams_created_comments", "Comments written")
VOTES = Counter("estuary_streams_votes", "Votes in polls")
LOCKED = Counter("estuary_streams_locked_refusals", "Requests about a post that needs a higher tier")

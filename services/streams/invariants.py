"""What must always hold in schema `streams`: each query returns the rows that break it."""

from services.streams.comments import invariants as comments
from services.streams.posts import invariants as posts
from services.streams.tiers import invariants as tiers

INVARIANTS: dict[str, str] = {**tiers.INVARIANTS, **posts.INVARIANTS, **comments.INVARIANTS}

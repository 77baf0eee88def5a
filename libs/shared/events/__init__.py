"""All events, a module for each producer; `base` has what they share."""

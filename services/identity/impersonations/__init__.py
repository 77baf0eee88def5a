"""Staff who act in a person's place, for a short while: most of it only to look, and the person sees it happen."""

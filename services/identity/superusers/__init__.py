"""Who decides about those at work for the platform, and that one of them stays."""

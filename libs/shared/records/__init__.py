"""Values that every service stores alike: money, currencies, ids, times, texts, names, statuses."""

"""How many services each practitioner may have on sale, by their plan."""

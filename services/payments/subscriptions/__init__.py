"""Who has subscribed to which plan, and what became of each period's bill."""

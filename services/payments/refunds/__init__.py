"""Money back to clients, split over what they had paid with."""

"""Offers: what the API calls services. The name keeps them apart from Estuary's own services."""

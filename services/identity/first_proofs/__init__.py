"""The first proof of an address: who was there before need not be its owner."""

"""The checkout saga: hold, order, payment, deadline."""

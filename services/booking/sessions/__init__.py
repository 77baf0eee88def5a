"""Sessions: practitioners' booked time, one row each, under the constraints that keep them apart."""

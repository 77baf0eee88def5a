"""Tools for whoever develops Estuary: a local Kafka, a cluster of processes, what tests share. Not part of the product:
no package of it imports this one, and the image has none of it."""

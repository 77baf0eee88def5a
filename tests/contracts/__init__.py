"""The contracts with partners: what is committed in `docs/events/`, and who reads nothing else."""

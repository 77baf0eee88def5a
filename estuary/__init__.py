"""The composition root: the only place that knows all services. Command line, all-in-one process, sandbox, demo."""

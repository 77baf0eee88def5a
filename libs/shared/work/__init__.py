"""Work in the background: jobs, and the worker that runs them."""

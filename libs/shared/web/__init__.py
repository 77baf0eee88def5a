"""HTTP in and out of a service: the app around its routes, bodies, pages of lists, the published document."""

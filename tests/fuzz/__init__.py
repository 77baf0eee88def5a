"""Generated requests to every endpoint of a running instance, made from its own OpenAPI document."""

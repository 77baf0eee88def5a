"""The schemas of all services: models against migrations, and migrations on a database that is in use."""

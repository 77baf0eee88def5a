"""What the services hold of a person: asked of each of them, whether it is identity itself or another."""

"""What may happen to a package revision, and what happens then. Pure."""

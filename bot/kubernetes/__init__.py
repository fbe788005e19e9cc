"""Package revisions as objects of a cluster: a mirror of what Git says, which takes orders."""

"""Objects by which a cluster's GitOps engine takes a package at one published revision, and only that."""

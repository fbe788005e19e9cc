"""Functions in containers, run by a Docker Engine or by podman: the one room of the Docker SDK."""

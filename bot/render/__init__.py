"""Rendering: the functions of a package's pipeline, run over its resources."""

"""Portico: package orchestration by pull request."""

__version__ = "0.1.0"

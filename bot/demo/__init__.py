"""The story that `portico demo` plays: what is said, what is run, and what must come of it."""

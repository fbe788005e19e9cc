"""A plain Git server as front door: what Git's server-side hooks hear, and what they answer."""

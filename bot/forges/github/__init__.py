"""GitHub, of github.com and of Enterprise Server: webhooks heard, changes read and written."""

"""GitLab, of gitlab.com and of servers of one's own: webhooks heard, merge requests read and written."""

"""Which package revisions come from which: asked of values, over all repositories at once."""

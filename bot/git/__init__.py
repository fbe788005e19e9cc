"""The workshop of Git: repositories read and written with pygit2, reached with the `git` program."""

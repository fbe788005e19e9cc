"""The lengths, in characters, that GitHub takes."""

MOST_TEXT = 65_536  # of a comment or a description
MOST_TITLE = 256
MOST_STATUS = 140
MOST_OUTPUT = 65_535  # of a check run's summary

"""The command line: argv in, sentences and an exit code out."""

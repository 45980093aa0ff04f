"""People's doors: the command line."""

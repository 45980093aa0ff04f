"""`python -m claimwatch` is the `claimwatch` command."""

from claimwatch.cli.main import main

main()

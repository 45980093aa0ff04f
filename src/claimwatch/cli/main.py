"""The `claimwatch` command."""


def main() -> None:
    """Run the command line."""

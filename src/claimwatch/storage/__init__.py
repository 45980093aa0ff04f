"""Storage: what claimwatch remembers, in a database."""

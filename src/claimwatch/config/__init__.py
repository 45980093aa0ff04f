"""Config: files and environment to Settings; the only part that knows file formats."""

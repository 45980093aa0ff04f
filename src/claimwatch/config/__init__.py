"""Files and environment -> Settings; the only place that knows file formats."""

from claimwatch.config.load import load, read
from claimwatch.config.settings import Limits, Mail, Receiver, Settings

__all__ = ["Limits", "Mail", "Receiver", "Settings", "load", "read"]

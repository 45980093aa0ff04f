"""claimwatch: watches feeds and says what each report means for the claims you follow."""

__version__ = "0.1.0"

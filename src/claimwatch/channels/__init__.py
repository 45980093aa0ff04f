"""Channels: the ways an alert travels."""

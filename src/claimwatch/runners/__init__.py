"""Runners: who takes due work and has the stations do it."""

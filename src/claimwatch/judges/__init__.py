"""Judges: what does a text say of a claim?"""

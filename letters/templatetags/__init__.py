"""Filters of the letters' templates."""

"""A school, its staff and its work, all invented, so that the portal can be tried and shown."""

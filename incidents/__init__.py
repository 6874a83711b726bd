"""The domain: a concern's journey from the parent's phone to the closed case."""

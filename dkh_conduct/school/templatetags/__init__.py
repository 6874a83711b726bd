"""Template filters of the school."""

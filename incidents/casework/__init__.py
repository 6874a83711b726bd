"""People, allegations, information, and the ladder’s steps."""

"""Every kind of letter, read as the person who opens it."""

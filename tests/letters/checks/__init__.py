"""What is looked at before a letter is approved."""

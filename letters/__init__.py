"""Facts in, sealed PDF out; and the print room. Knows nothing of concerns and cases."""

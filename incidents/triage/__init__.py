"""The queue, reading a concern, its one outcome."""

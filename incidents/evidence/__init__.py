"""Bytes in, sealed original and clean copy out."""

"""The people the school knows: families, what stops letters to them, the imported list, one letter to many."""

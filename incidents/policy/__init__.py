"""The school's policy as data, word for word, and pure rules over it. No Django here."""

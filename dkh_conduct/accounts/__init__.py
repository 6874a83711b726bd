"""The school's staff: who they are, which role they have, how they sign in."""

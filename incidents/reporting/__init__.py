"""The parents’ side: question pages, check answers, status."""

"""Training recorded runs again, and what came of it."""

"""How fast training, penalty and spectrum are."""

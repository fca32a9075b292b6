"""What contraction looks like: in a plane, as filters, on noisy digits."""

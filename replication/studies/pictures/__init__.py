"""What contraction is, to be looked at: a plane, filters, noisy digits."""

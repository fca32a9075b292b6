"""What the models that can be sampled from share."""

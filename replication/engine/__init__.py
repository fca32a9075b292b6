"""What happens when one setting is run: settings, training, measuring, the record."""

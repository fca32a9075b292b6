"""What the pages of several studies share."""

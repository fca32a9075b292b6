"""What the paper argues in section 4, measured on small nets."""

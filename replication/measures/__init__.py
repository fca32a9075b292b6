"""What the paper measures of an encoder, one measure a file."""

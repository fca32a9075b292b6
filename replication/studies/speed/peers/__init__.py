"""The same training as ours in other people's ways, each as short as it can be written."""

"""Known faults of public contractive auto-encoders beside the right one."""

"""Known faults of public contractive auto-encoders beside the right one."""

BUILDS_ON = ("table1",)  # other studies that this one may import

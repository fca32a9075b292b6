"""Does it matter that a GPU rounds: trials of version 2 again, in TF32."""

BUILDS_ON = ("table1_v2",)  # other studies that this one may import

"""Does a penalty of higher order help: the CAE+H beside the CAE."""

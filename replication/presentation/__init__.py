"""Tables, figures and provenance: the paper's numbers beside ours."""

"""What is run and why: a folder for each study, with its plan, its claims and its pages."""

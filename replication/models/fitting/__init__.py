"""What stands between the models and the data that they are fitted on."""

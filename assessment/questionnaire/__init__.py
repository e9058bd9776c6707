"""What is asked: the models of a questionnaire, its strict loading, the catalogue and the lock."""

"""Data-subject requests and their due dates."""

"""Scenario model, runner and step verbs."""

"""Walks through an app that nobody scripted: the planner decides, ordinary verbs act."""

"""The rule language: files are read, checked and compiled to evaluators."""

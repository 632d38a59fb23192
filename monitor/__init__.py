"""A dynamic privacy behaviour monitor for Android apps."""

"""What the user was asked and how they answered: windows and taps become marks on a timeline."""

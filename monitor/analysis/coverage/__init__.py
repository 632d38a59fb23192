"""What a session exercised and could observe, for every rule, hook and guideline item."""

"""What is known beforehand: the hook catalogue, law, recipients, SDKs, data types, scopes of consent, word lists."""

"""The secret store that is one encrypted file."""

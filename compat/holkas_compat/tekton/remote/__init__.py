"""References through resolvers: which params each resolver takes, and what is reached through them."""

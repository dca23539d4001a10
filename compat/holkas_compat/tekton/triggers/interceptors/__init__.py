"""The interceptors that Triggers brings, and chains of them."""

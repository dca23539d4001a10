"""Built-in executors: ``sandbox`` (Linux namespaces), ``process`` (the bare host), and the choice between them."""

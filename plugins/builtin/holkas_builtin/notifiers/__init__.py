"""Ways to tell people something that need no service of anybody: e-mail, a webhook, a file."""

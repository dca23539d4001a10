"""The local automation agent: a directory an environment, releases side by side, a supervised process."""

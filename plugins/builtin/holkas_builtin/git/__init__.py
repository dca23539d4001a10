"""Version control by the ``git`` program: cached bare clones, no working trees, no shell."""

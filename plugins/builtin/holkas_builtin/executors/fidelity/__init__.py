"""What becomes of each field of a manifest: what is the same for all executors here, and what each makes of the rest."""

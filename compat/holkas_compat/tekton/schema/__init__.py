"""Tables of every Tekton type, field by field, in the order in which people write them."""

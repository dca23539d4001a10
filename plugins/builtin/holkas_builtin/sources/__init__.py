"""Where the files come from that Applications are rendered from."""

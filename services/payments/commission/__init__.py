"""Which share of a sale the platform keeps."""

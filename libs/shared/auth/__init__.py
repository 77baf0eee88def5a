"""Who calls: access tokens and service tokens, made and verified, and who may call whom under `/internal`."""

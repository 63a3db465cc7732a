"""Policy and evidence in, lanes out; what is missing and what to code next."""

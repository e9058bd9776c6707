"""One function per intention that changes data: checks access, checks the rules, writes, records."""

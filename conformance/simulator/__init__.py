"""A provider made from its spec: faithful by default, wrong on request."""

"""The storage of contracts: how it is laid out, what events put there, and what is proved to be there."""

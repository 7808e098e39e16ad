"""Looking at a server from outside, as its users do: over the network, with the CA's root trusted."""

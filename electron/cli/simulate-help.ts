/** Apart from the simulation itself, which only `pssm simulate` needs to read. */
export const SIMULATE_HELP = `pssm simulate: simulated computers on this machine, to try things out.

  --port N         the port; 0, the default, picks one
  --computers N    how many, each on its own address of 127.0.0.0/8 (1); where there is only 127.0.0.1, on ports of it
  --sessions N     how many in all, spread evenly; as the sample fleet has them unless given
  --moving         sessions come, go and change hands, as in the sample fleet
  --latency MS     holds each answer back (0)
  --user U         who may sign in, with Basic or Negotiate (alice)
  --password P     the simulation's own password, no one else's (Passw0rd!)
  --seed N         which sessions they have (1)
  --https          with a certificate made for this run

Prints one line when ready: {"port":5985,"computers":[{"address":"127.0.0.1","port":5985}],"user":"alice"}, with https
also "certificate". \`port\` is the first computer's. Ends with its standard input, or on SIGINT or SIGTERM.
`;

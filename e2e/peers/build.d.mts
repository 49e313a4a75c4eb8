/** The C# peers, by their folders under e2e/peers/powershell. */
export const PEERS: readonly PeerName[];
export type PeerName = 'wsman-server' | 'client' | 'clixml-oracle';
/** Builds a peer, once a version of its sources; gives the .dll to run by dotnet, or one line why there is none. */
export function buildPeer(name: PeerName): Promise<{ program: string } | { missing: string }>;

namespace ActorTorrent.Benchmarks.Idle;

/// <summary>What so many idle peers cost one client.</summary>
/// <param name="Program">The client.</param>
/// <param name="Peers">Connected peers.</param>
/// <param name="AnonymousBefore">Anonymous memory without peers, in bytes.</param>
/// <param name="AnonymousAfter">Anonymous memory with them, at rest.</param>
/// <param name="KernelBytes">Memory of TCP buffers that the kernel counts more than before, both ends.</param>
/// <param name="Sockets">TCP sockets that the kernel counts more than before, both ends.</param>
/// <param name="ConnectSeconds">Until all had shaken hands.</param>
/// <param name="IdleCpu">Share of a core while nothing happens.</param>
/// <param name="Lost">Peers that the client disconnected.</param>
internal sealed record IdleResult(
    string Program,
    int Peers,
    long AnonymousBefore,
    long AnonymousAfter,
    long KernelBytes,
    long Sockets,
    double ConnectSeconds,
    double IdleCpu,
    int Lost);

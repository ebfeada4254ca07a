namespace ActorTorrent.Engine.Tests.Discovery.Dht;

/// <summary>What a simulation showed.</summary>
/// <param name="Lookups">Lookups that ended.</param>
/// <param name="Found">Those of them that found the peer that had announced itself.</param>
/// <param name="QueriesPerLookup">Queries of a lookup, on average.</param>
/// <param name="MostQueries">Queries of the longest one.</param>
/// <param name="SecondsPerLookup">Virtual time of a lookup, on average.</param>
/// <param name="TableSizes">Nodes in the honest nodes' tables, in order of size.</param>
/// <param name="BadShare">The share of the nodes in those tables that are dead, gone or lying.</param>
/// <param name="MostFlight">The most queries that any node had in flight.</param>
/// <param name="Datagrams">Datagrams sent, over all.</param>
/// <param name="Trace">A sum over all that happened, in order.</param>
internal sealed record SimulationResult(
    int Lookups,
    int Found,
    double QueriesPerLookup,
    int MostQueries,
    double SecondsPerLookup,
    IReadOnlyList<int> TableSizes,
    double BadShare,
    int MostFlight,
    long Datagrams,
    ulong Trace);

namespace ActorTorrent.Engine.Discovery;

/// <summary>What can be asked of the <see cref="LsdActor"/> besides <see cref="DiscoveryProtocol"/>.</summary>
internal static class LsdProtocol
{
    /// <summary>Anyone → LSD: what came and went? Answered by <see cref="Counts"/>.</summary>
    public sealed record GetCounts
    {
        /// <summary>The one instance.</summary>
        public static readonly GetCounts Instance = new();
    }

    /// <summary>LSD → asker: the answer.</summary>
    /// <param name="Sent">Messages sent, each to every group and interface.</param>
    /// <param name="Received">Datagrams received, whatever they were.</param>
    /// <param name="Own">Of these, our own messages.</param>
    /// <param name="Malformed">Of these, those that are no message.</param>
    /// <param name="Limited">Of these, those that were not read because their address, or all together, sent too many.</param>
    /// <param name="Addresses">Addresses that something is kept of.</param>
    /// <param name="Torrents">Torrents followed.</param>
    public sealed record Counts(long Sent, long Received, long Own, long Malformed, long Limited, int Addresses, int Torrents);
}

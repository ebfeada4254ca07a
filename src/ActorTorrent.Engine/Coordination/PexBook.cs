using System.Net;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Coordination;

/// <summary>What one peer was told of others (BEP 11), so that each message says only what changed. Bounded by the connections there are.</summary>
internal sealed class PexBook
{
    private readonly HashSet<IPEndPoint> _told = [];

    /// <summary>When the next message may be sent.</summary>
    public TimeSpan NextAt { get; set; }

    /// <summary>The next message; null when there is nothing to tell. What does not fit is for the one after it.</summary>
    /// <param name="connected">The peers that are connected now and can be dialled, without the one that is told.</param>
    public PexMessage? Next(IReadOnlyDictionary<IPEndPoint, PexFlags> connected)
    {
        var dropped = _told.Where(peer => !connected.ContainsKey(peer)).Take(PexMessage.MostSent).ToArray();
        var added = connected.Where(peer => !_told.Contains(peer.Key)).Take(PexMessage.MostSent).ToArray();
        if (dropped.Length + added.Length == 0)
            return null;
        foreach (var peer in dropped)
            _told.Remove(peer);
        foreach (var (peer, _) in added)
            _told.Add(peer);
        return new PexMessage { Added = Array.ConvertAll(added, static peer => new PexPeer(peer.Key, peer.Value)), Dropped = dropped };
    }
}

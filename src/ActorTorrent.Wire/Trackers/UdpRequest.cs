using System.Net;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Wire.Trackers;

/// <summary>What a client asks a UDP tracker, as the tracker reads it (BEP 15).</summary>
/// <param name="TransactionId">By which the client knows the answer.</param>
public abstract record UdpRequest(uint TransactionId)
{
    /// <summary>It wants a connection id.</summary>
    /// <param name="TransactionId">By which the client knows the answer.</param>
    public sealed record Connect(uint TransactionId) : UdpRequest(TransactionId);

    /// <summary>It announces.</summary>
    /// <param name="ConnectionId">The id it was given.</param>
    /// <param name="TransactionId">By which the client knows the answer.</param>
    /// <param name="Request">What it tells.</param>
    /// <param name="Ip">The IPv4 address that it says it has; a tracker need not believe it. Null when it says none.</param>
    /// <param name="UrlData">Path and query of the URL that it was given (BEP 41); empty when it sent none.</param>
    public sealed record Announce(ulong ConnectionId, uint TransactionId, AnnounceRequest Request, IPAddress? Ip, string UrlData)
        : UdpRequest(TransactionId);

    /// <summary>It asks for numbers.</summary>
    /// <param name="ConnectionId">The id it was given.</param>
    /// <param name="TransactionId">By which the client knows the answer.</param>
    /// <param name="InfoHashes">The torrents; none is allowed.</param>
    public sealed record Scrape(ulong ConnectionId, uint TransactionId, IReadOnlyList<InfoHash> InfoHashes) : UdpRequest(TransactionId);
}

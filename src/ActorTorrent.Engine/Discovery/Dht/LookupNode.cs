using System.Net;
using ActorTorrent.Wire.Dht;

namespace ActorTorrent.Engine.Discovery.Dht;

/// <summary>A node in a lookup.</summary>
internal sealed class LookupNode(NodeId? id, IPEndPoint endPoint, LookupNode? namedBy)
{
    /// <summary>Its place; null while only its endpoint is known.</summary>
    public NodeId? Id { get; set; } = id;

    /// <summary>Where it is reached.</summary>
    public IPEndPoint EndPoint { get; } = endPoint;

    /// <summary>Who named it, the most trusted of those who did; null when we knew it ourselves.</summary>
    public LookupNode? NamedBy { get; set; } = namedBy;

    /// <summary>What became of it.</summary>
    public LookupState State { get; set; }

    /// <summary>When it was asked.</summary>
    public TimeSpan AskedAt { get; set; }

    /// <summary>Its token for an announce; empty when it gave none.</summary>
    public ReadOnlyMemory<byte> Token { get; set; }

    /// <summary>How much its word counts less than that of one who named nobody.</summary>
    public int Distrust => NamedFailed - NamedAnswered;

    /// <summary>Of those whom it named: how many failed.</summary>
    public int NamedFailed { get; set; }

    /// <summary>Of those whom it named: how many answered.</summary>
    public int NamedAnswered { get; set; }
}

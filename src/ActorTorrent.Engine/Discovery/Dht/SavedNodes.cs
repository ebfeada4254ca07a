using System.Net.Sockets;
using ActorTorrent.Wire.Dht;

namespace ActorTorrent.Engine.Discovery.Dht;

/// <summary>What is kept of a DHT node between two runs.</summary>
internal sealed record SavedNodes
{
    /// <summary>Nodes of a family that are kept; the longest known first.</summary>
    public const int MaxNodes = 200;

    /// <summary>Our place among IPv4 nodes.</summary>
    public NodeId? Id { get; init; }

    /// <summary>Our place among IPv6 nodes.</summary>
    public NodeId? Id6 { get; init; }

    /// <summary>IPv4 nodes.</summary>
    public IReadOnlyList<NodeContact> Nodes { get; init; } = [];

    /// <summary>IPv6 nodes.</summary>
    public IReadOnlyList<NodeContact> Nodes6 { get; init; } = [];

    /// <summary>Our place in a family.</summary>
    public NodeId? IdOf(AddressFamily family) => family == AddressFamily.InterNetwork ? Id : Id6;

    /// <summary>The nodes of a family.</summary>
    public IReadOnlyList<NodeContact> NodesOf(AddressFamily family) => family == AddressFamily.InterNetwork ? Nodes : Nodes6;
}

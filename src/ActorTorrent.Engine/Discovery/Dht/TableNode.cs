using System.Net;
using ActorTorrent.Wire.Dht;

namespace ActorTorrent.Engine.Discovery.Dht;

/// <summary>A node in the routing table: it has answered us at least once, or is a saved one that did so earlier.</summary>
internal sealed class TableNode(NodeContact contact, TimeSpan seenAt)
{
    /// <summary>Its place.</summary>
    public NodeId Id => Contact.Id;

    /// <summary>Where it is reached.</summary>
    public IPEndPoint EndPoint => Contact.EndPoint;

    /// <summary>Both.</summary>
    public NodeContact Contact { get; } = contact;

    /// <summary>Whether its id follows from its address (BEP 42).</summary>
    public bool IsSecure { get; } = SecureNodeId.IsValid(contact.Id, contact.EndPoint.Address);

    /// <summary>When it last answered or asked.</summary>
    public TimeSpan SeenAt { get; set; } = seenAt;

    /// <summary>When we last looked after it.</summary>
    public TimeSpan PingedAt { get; set; } = TimeSpan.MinValue;

    /// <summary>Queries in a row that it left unanswered.</summary>
    public int Failures { get; set; }
}

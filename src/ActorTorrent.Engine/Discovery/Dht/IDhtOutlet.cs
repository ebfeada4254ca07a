using System.Net;
using ActorTorrent.Wire.Dht;

namespace ActorTorrent.Engine.Discovery.Dht;

/// <summary>What a <see cref="DhtNode"/> needs of the world around it.</summary>
internal interface IDhtOutlet
{
    /// <summary>Sends a message; it may be lost.</summary>
    void Send(KrpcMessage message, IPEndPoint to);

    /// <summary>The nodes around a place should be looked for, to keep the table fresh.</summary>
    void Refresh(DhtNode node, NodeId target);
}

using System.Net;

namespace ActorTorrent.Wire.Dht;

/// <summary>A node and where it is reached.</summary>
/// <param name="Id">Its place.</param>
/// <param name="EndPoint">Its UDP endpoint.</param>
public readonly record struct NodeContact(NodeId Id, IPEndPoint EndPoint);

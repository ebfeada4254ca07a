using System.Net;
using ActorTorrent.Wire.Dht;

namespace ActorTorrent.Engine.Discovery.Dht;

/// <summary>Who wants to know what came of a query.</summary>
internal interface IDhtAsker
{
    /// <summary>A node answered.</summary>
    void Answered(IPEndPoint from, KrpcMessage answer);

    /// <summary>It did not in time, or with an error, or as somebody else.</summary>
    void Unanswered(IPEndPoint from);
}

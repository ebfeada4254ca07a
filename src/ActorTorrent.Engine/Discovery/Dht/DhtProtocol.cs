using System.Net;
using System.Net.Sockets;
using ActorTorrent.Wire.Dht;
using ActorTorrent.Wire.Metainfo;
using Akka.Actor;
using Akka.Event;

namespace ActorTorrent.Engine.Discovery.Dht;

/// <summary>The conversations of the <see cref="DhtActor"/> beside <see cref="DiscoveryProtocol"/>.</summary>
internal static class DhtProtocol
{
    /// <summary>DHT → engine: the sockets are bound, or cannot be.</summary>
    /// <param name="Port">The UDP port; 0 when there is none.</param>
    public sealed record Ready(int Port);

    /// <summary>Peer → DHT: its client told where its DHT node is (BEP 5, the <c>port</c> message).</summary>
    /// <param name="EndPoint">The node.</param>
    public sealed record NodeHint(IPEndPoint EndPoint);

    /// <summary>Anyone → DHT: how are you? Answered by a <see cref="Telemetry.DhtStatus"/>.</summary>
    public sealed record GetStatus
    {
        /// <summary>The one instance.</summary>
        public static readonly GetStatus Instance = new();
    }

    /// <summary>Lookup → DHT: ask a node. Answered by <see cref="Answered"/> or <see cref="Unanswered"/>.</summary>
    /// <param name="Number">The lookup's own number of the query; null when no answer is wanted.</param>
    /// <param name="EndPoint">The node.</param>
    /// <param name="Id">Its id, when it is known.</param>
    /// <param name="Family">Its family.</param>
    /// <param name="Query">What to ask.</param>
    public sealed record Ask(int? Number, IPEndPoint EndPoint, NodeId? Id, AddressFamily Family, KrpcMessage Query) : IDeadLetterSuppression;

    /// <summary>DHT → lookup: a node answered.</summary>
    /// <param name="Number">The query.</param>
    /// <param name="Answer">The answer.</param>
    public sealed record Answered(int Number, KrpcMessage Answer) : IDeadLetterSuppression;

    /// <summary>DHT → lookup: a node did not answer in time, or with an error, or as somebody else.</summary>
    /// <param name="Number">The query.</param>
    public sealed record Unanswered(int Number) : IDeadLetterSuppression;

    /// <summary>Lookup → DHT: peers of the torrent that is looked for.</summary>
    /// <param name="InfoHash">The torrent.</param>
    /// <param name="Peers">The peers.</param>
    /// <param name="IsLocal">Whether the node that named them is local.</param>
    public sealed record Found(InfoHash InfoHash, IReadOnlyList<IPEndPoint> Peers, bool IsLocal);

    /// <summary>Lookup → DHT, as its last word: what came of it.</summary>
    /// <param name="Lookup">The lookup.</param>
    /// <param name="Answers">How many nodes answered.</param>
    public sealed record Ended(IActorRef Lookup, int Answers);
}
